/**
 * A log of losses, explained: what each rise was, on which evidence, what would decide it better, and what to do. Linear in its length.
 *
 * @example
 * ```ts import.meta.vitest
 * import { diagnoseLog } from "@nonconvex/catapults"
 *
 * const losses = Float64Array.of(4, 3, 2, 1, 1.4, 3, 9, 20, 2, 0.9, 0.8)
 * const steps = losses.map((_, step) => step)
 * const said = diagnoseLog({ steps, losses })
 * const known = diagnoseLog({ steps, losses, optimizer: { name: "sgd" }, batch: "full" })
 * const kinds = [said, known].map(({ events }) => events.map(({ kind, confidence }) => [kind, confidence]))
 * kinds // => [[["unresolved", "guess"]], [["catapult", "likely"]]]
 * ```
 */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Confidence, Kind as MonitorKind } from "../monitor/Classification.ts"
import { show } from "../monitor/Show.ts"
import { type Action, adviceFor, betterFor, candidatesOf, isDivergence } from "./Advice.ts"
import { type Episode, episodesOf } from "./Episodes.ts"
import { type Signs, signsOf } from "./Signs.ts"
import type { TrainingLog } from "./TrainingLog.ts"
import { type Given, type Verdict, verdictOf } from "./Verdict.ts"

/** As those of a monitor; `instability`: past the stability limit, and the log ends before it shows whether the loss comes back. */
export type LogKind = Exclude<MonitorKind, "edge of stability"> | "instability" | "overshoot"

/** One rise: steps of the log, and the peak over the loss before. */
export interface Rise {
  /** The last step before. */
  readonly start: number
  /** The first step past the threshold. */
  readonly onset: number
  readonly peak: number
  /** The step at which it was over, or was last seen. */
  readonly end: number
  /** Infinite above a loss of 0; NaN where the loss was not finite at once. */
  readonly height: number
  readonly outcome: Episode["outcome"]
}

/** Rises that are alike, explained by the highest of them. */
export interface LogEvent extends Rise {
  readonly kind: LogKind
  readonly confidence: Confidence
  readonly rises: ReadonlyArray<Rise>
  /** Steps from the last calm loss to the peak. */
  readonly ramp: number
  /** The evidence that decided, and all that was looked at. */
  readonly because: string
  readonly signs: Signs
  /** The one number that would decide better. */
  readonly better: string
  /** What it may have been, where it is unresolved. */
  readonly candidates: ReadonlyArray<string>
  readonly action: Action
  /** The advised rate; undefined where there is none, or the log has no rates. */
  readonly learningRate: number | undefined
  /** The advised rate over the one in use. */
  readonly multiple: number | undefined
  readonly criticalRate: number | undefined
  readonly advice: string
  /** One sentence for a person. */
  readonly summary: string
}

export interface LogDiagnosis {
  /** In the order of the log. */
  readonly events: ReadonlyArray<LogEvent>
  /** Swings of a velocity: rises that stable runs have. */
  readonly overshoots: ReadonlyArray<LogEvent>
  /** A rise by less than this factor is not told from the scatter of the log. */
  readonly unseen: number
}

const kindOf = ({ cause }: Verdict, { episode, log }: Given): LogKind => {
  switch (cause) {
    case "data":
      return "data spike"
    case "numbers":
      return "numeric failure"
    case "instability": {
      if (isDivergence(episode)) return "divergence"
      if (episode.outcome === "open") return "instability"
      return log.optimizer?.name === "adam" ? "optimizer mismatch" : "catapult"
    }
    default:
      return cause
  }
}

const riseOf = ({ steps }: TrainingLog, episode: Episode, { isAtOnce }: Signs): Rise => {
  const { end, onset, outcome, peak, peakLoss, reference, start } = episode
  const height = isAtOnce ? Number.NaN : peakLoss / reference
  const at = (k: number) => steps[k]!
  return { start: at(start), onset: at(onset), peak: at(peak), end: at(end), height, outcome }
}

interface Explained {
  readonly given: Given
  readonly rise: Rise
  readonly verdict: Verdict
  readonly kind: LogKind
}

const heights = (rises: ReadonlyArray<Rise>): string => {
  const all = rises.map(({ height }) => height).filter((height) => !Number.isNaN(height))
  if (all.length === 0) return "the loss was not finite"
  const least = all.reduce((a, b) => Math.min(a, b))
  const most = all.reduce((a, b) => Math.max(a, b))
  const range = show(least) === show(most) ? show(most) : `${show(least)} to ${show(most)}`
  return most === Number.POSITIVE_INFINITY
    ? "risen from a loss of 0"
    : `${range} times the loss before`
}

/** Losses of an episode that were not finite. */
const lostIn = ({ episode, log }: Given): number => {
  const inside = log.losses.subarray(episode.start, episode.end + 1)
  return inside.reduce((count, loss) => (Number.isFinite(loss) ? count : count + 1), 0)
}

/** Steps within which swings may follow from an episode before them. */
const aftermath = 100

const order = (height: number): number => (Number.isNaN(height) ? Number.POSITIVE_INFINITY : height)

const eventOf = (alike: ReadonlyArray<Explained>): LogEvent => {
  const rises = alike.map(({ rise }) => rise)
  const main = alike.reduce((best, each) =>
    order(each.rise.height) > order(best.rise.height) ? each : best,
  )
  const { given, kind, rise, verdict } = main
  const advice = adviceFor(given, verdict)
  const candidates = kind === "unresolved" ? candidatesOf(given) : []
  const better = betterFor(given, verdict)
  const where =
    rises.length === 1
      ? `at step ${rise.onset}`
      : `at ${rises.length} steps from ${rises[0]!.onset} to ${rises.at(-1)!.onset}`
  const lost = lostIn(given)
  const because =
    lost === 0 || given.signs.isAtOnce
      ? verdict.because
      : `${verdict.because}; at ${lost} of its steps the loss was not finite`
  const said = kind === "unresolved" ? `may be ${candidates.join(", or ")}` : advice.text
  return {
    ...rise,
    kind,
    confidence: verdict.confidence,
    rises,
    ramp: given.signs.ramp,
    because,
    signs: given.signs,
    better,
    candidates,
    action: advice.action,
    learningRate: advice.rate?.learningRate,
    multiple: advice.rate?.multiple,
    criticalRate: advice.rate?.criticalRate,
    advice: advice.text,
    summary: `${kind} (${verdict.confidence}) ${where}: ${heights(rises)}; ${because}; ${said}`,
  }
}

export interface LogOptions {
  /** A rise exceeds the loss before it by this factor; default 1.5. */
  readonly threshold?: number
}

/**
 * Explains a log. Throws InvalidInput on columns of another length, on steps that do not increase and on a threshold of 1 or less.
 *
 * @example
 * ```ts import.meta.vitest
 * import { diagnoseLog } from "@nonconvex/catapults"
 *
 * const { events } = diagnoseLog({
 *   steps: Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8),
 *   losses: Float64Array.of(4, 2, 1, 3, 9, 20, 2, 0.9, 0.8),
 *   learningRates: new Float64Array(9).fill(0.1),
 *   sharpness: Float64Array.of(15, 18, 23, 24, 25, 22, 12, 11, 11), // the limit is 2 / 0.1
 *   optimizer: { name: "sgd" },
 *   batch: "full",
 * })
 * events.map(({ kind, onset, peak }) => [kind, onset, peak]) // => [["catapult", 3, 5]]
 * ```
 */
export const diagnoseLog = (
  log: TrainingLog,
  { threshold = 1.5 }: LogOptions = {},
): LogDiagnosis => {
  const operation = "diagnoseLog"
  const { batch, isAveraged: _isAveraged, optimizer: _optimizer, steps, ...columns } = log
  for (const [name, column] of Object.entries(columns)) {
    if (column !== undefined) Require.length(operation, name, column.length, steps.length)
  }
  for (let k = 1; k < steps.length; k++) {
    if (!(steps[k]! > steps[k - 1]!)) {
      invalid(operation, "steps must increase", { step: steps[k]!, previous: steps[k - 1]! })
    }
  }
  if (!(threshold > 1)) invalid(operation, "threshold must be above 1", { threshold })
  const groups = new Map<string, Array<Explained>>()
  let last = Number.NEGATIVE_INFINITY
  const { episodes, unseen } = episodesOf(log.losses, { threshold, isSmooth: batch === "full" })
  for (const episode of episodes) {
    const signs = signsOf(log, episode)
    const given = { log, episode, signs, isAftermath: episode.start - last < aftermath }
    const verdict = verdictOf(given)
    const kind = kindOf(verdict, given)
    if (kind !== "overshoot" && kind !== "data spike") last = episode.end
    const key = `${kind}/${verdict.confidence}`
    const explained = { given, rise: riseOf(log, episode, signs), verdict, kind }
    const alike = groups.get(key)
    if (alike === undefined) groups.set(key, [explained])
    else alike.push(explained)
  }
  const all = [...groups.values()].map(eventOf)
  return {
    events: all.filter(({ kind }) => kind !== "overshoot"),
    overshoots: all.filter(({ kind }) => kind === "overshoot"),
    unseen,
  }
}
