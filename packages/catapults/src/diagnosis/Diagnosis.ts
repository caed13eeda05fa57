/**
 * Diagnosis of a loss log: the kind of each rise, the evidence for it, further measurements that would decide it, and advice. Linear in its
 * length.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import { adviceFor, type Advice } from "../spikes/Advice.ts"
import type { Confidence, Evidence, Incident, Kind, Rise, Run } from "../spikes/Evidence.ts"
import { ratioOfGrowth } from "../spikes/RateAdvice.ts"
import { kindOf } from "../spikes/Kinds.ts"
import { type Verdict, verdictOf } from "../spikes/Rules.ts"
import { summarise } from "../spikes/Summary.ts"
import { betterFor, candidatesOf } from "./Better.ts"
import { episodesOf, floorOf } from "./Episodes.ts"
import { evidenceOf } from "./LogEvidence.ts"
import { type Roughness, roughnessOf } from "./Roughness.ts"
import { shrinkageOf } from "./Shrinkage.ts"
import { decayOf, type TrainingLog } from "./TrainingLog.ts"

/** Rise of the loss, in steps of the log, with its peak over the previous loss. */
export interface LogRise {
  /** Last step before the rise. */
  readonly start: number
  /** First step above the threshold. */
  readonly onset: number
  readonly peak: number
  /** Step at which the rise ended, or the last step seen. */
  readonly end: number
  /** Infinite if the earlier loss is 0; NaN if the loss became non-finite in one step. */
  readonly height: number
  readonly outcome: Rise["outcome"]
}

/** Similar rises, explained by the highest one. */
export interface LogEvent extends LogRise {
  readonly kind: Kind
  readonly confidence: Confidence
  readonly rises: ReadonlyArray<LogRise>
  /** Steps from the last calm loss to the peak. */
  readonly ramp: number
  /** The evidence that decided, and all other evidence. */
  readonly because: string
  readonly evidence: Evidence
  /** The measurement that would best decide the cause. */
  readonly better: string
  /** Candidate causes of an unresolved rise. */
  readonly candidates: ReadonlyArray<string>
  readonly action: Advice["action"]
  /** The advised learning rate; undefined without advice, or without learning rates in the log. */
  readonly learningRate: number | undefined
  /** The advised rate divided by the current one. */
  readonly multiple: number | undefined
  readonly criticalRate: number | undefined
  readonly advice: string
  /** One-sentence summary for readers. */
  readonly summary: string
}

/** The events of a log under one assumption on its batches. */
export interface Reading {
  /** Events in the order of the log. */
  readonly events: ReadonlyArray<LogEvent>
  /** Oscillations of a velocity: rises that also occur in stable runs. */
  readonly overshoots: ReadonlyArray<LogEvent>
  /** Smallest factor by which a rise is distinguished from the scatter of the log. */
  readonly unseen: number
}

export interface LogDiagnosis extends Reading {
  /** Roughness of the losses, from which batches are inferred if their size is not given. */
  readonly roughness: Roughness | "said"
  /** The events if every step uses all samples, where that is open and they differ from those of batches. */
  readonly ifFull?: Reading
}

const riseOf = ({ evidence, rise, stepOf }: Incident): LogRise => {
  const { end, onset, outcome, peak, peakLoss, reference, start } = rise
  const height = evidence.isAtOnce ? Number.NaN : peakLoss / reference
  const at = { start: stepOf(start), onset: stepOf(onset), peak: stepOf(peak), end: stepOf(end) }
  return { ...at, height, outcome }
}

interface Explained {
  readonly incident: Incident
  readonly rise: LogRise
  readonly verdict: Verdict
  readonly kind: Kind
}

/** Losses of an episode that were not finite. */
const lostIn = ({ losses }: TrainingLog, { rise }: Incident): number => {
  const inside = losses.subarray(rise.start, rise.end + 1)
  return inside.reduce((count, loss) => (Number.isFinite(loss) ? count : count + 1), 0)
}

/** Steps after an episode within which swings may still follow from it. */
const aftermath = 100

const order = (height: number): number => (Number.isNaN(height) ? Number.POSITIVE_INFINITY : height)

const eventOf = (log: TrainingLog, alike: ReadonlyArray<Explained>): LogEvent => {
  const rises = alike.map(({ rise }) => rise)
  const main = alike.reduce((best, each) =>
    order(each.rise.height) > order(best.rise.height) ? each : best,
  )
  const { incident, kind, rise, verdict } = main
  const { evidence } = incident
  const { confidence } = verdict
  const advice = adviceFor(incident, verdict)
  const candidates = kind === "unresolved" ? candidatesOf(incident) : []
  const lost = lostIn(log, incident)
  const because =
    lost === 0 || evidence.isAtOnce
      ? verdict.because
      : `${verdict.because}; at ${lost} of its steps the loss was not finite`
  const said = kind === "unresolved" ? `may be ${candidates.join(", or ")}` : advice.text
  return {
    ...rise,
    kind,
    confidence,
    rises,
    ramp: evidence.ramp,
    because,
    evidence,
    better: betterFor(log, incident, verdict),
    candidates,
    action: advice.action,
    learningRate: advice.learningRate,
    multiple: advice.multiple,
    criticalRate: advice.criticalRate,
    advice: advice.text,
    summary: summarise(kind, confidence, rises, because, said),
  }
}

/** Number of growth entries from which curvature is estimated. */
const telling = 4

/** Rate over the critical rate, from the mean growth of the first steps; undefined if the log does not determine it. */
const grownIn = (log: TrainingLog, rise: Rise, evidence: Evidence): number | undefined => {
  const { losses, optimizer } = log
  const { peak, start } = rise
  const end = Math.min(peak, start + telling)
  const growth = Elementary.pow(losses[end]! / losses[start]!, 1 / (end - start))
  const isKnown = growth > 1 && Number.isFinite(growth) && evidence.isConsecutive
  return isKnown && optimizer?.name !== "adam"
    ? ratioOfGrowth(growth, decayOf(optimizer))
    : undefined
}

/** Learning rate at a rise, from the entries just before it. */
const rateAt = ({ learningRates }: TrainingLog, { onset }: Rise): number | undefined =>
  learningRates?.subarray(Math.max(0, onset - 10), onset + 1).findLast((rate) => rate > 0)

export interface LogOptions {
  /** Factor by which a rise must exceed the previous loss; default 1.5. */
  readonly threshold?: number
}

/** Assumptions on the samples of a step. */
interface Assumed {
  readonly threshold: number
  readonly batch: Run["batch"]
  readonly isSmooth: boolean
}

const read = (log: TrainingLog, { batch, isSmooth, threshold }: Assumed): Reading => {
  const { batchSizes, steps } = log
  const groups = new Map<string, Array<Explained>>()
  let last = Number.NEGATIVE_INFINITY
  const { episodes, unseen } = episodesOf(log.losses, { threshold, isSmooth, batchSizes })
  for (const rise of episodes) {
    const evidence = evidenceOf(log, rise)
    const shrinkage = shrinkageOf(log, evidence)
    const incident: Incident = {
      rise,
      evidence,
      run: { optimizer: log.optimizer?.name, batch },
      rates: { inUse: rateAt(log, rise), grown: grownIn(log, rise, evidence) },
      isAftermath: rise.start - last < aftermath,
      stepOf: (entry) => steps[Math.max(0, entry)]!,
      ...(shrinkage === undefined ? {} : { shrinkage }),
    }
    const verdict = verdictOf(incident)
    const kind = kindOf(incident, verdict)
    if (kind !== "overshoot" && kind !== "data spike") last = rise.end
    const key = `${kind}/${verdict.confidence}`
    const explained = { incident, rise: riseOf(incident), verdict, kind }
    const alike = groups.get(key)
    if (alike === undefined) groups.set(key, [explained])
    else alike.push(explained)
  }
  const all = [...groups.values()].map((alike) => eventOf(log, alike))
  return {
    events: all.filter(({ kind }) => kind !== "overshoot"),
    overshoots: all.filter(({ kind }) => kind === "overshoot"),
    unseen,
  }
}

const kindsOf = ({ events }: Reading): string =>
  events.map(({ kind, rises }) => `${kind} ${rises.map(({ onset }) => onset).join(" ")}`).join(", ")

/**
 * Explains the rises of a training log. Throws InvalidInput on columns of unequal length, on steps that do not increase
 * and on a threshold of at most 1.
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
  Require.typed(operation, "steps", steps)
  Require.typed(operation, "losses", columns.losses)
  for (const [name, column] of Object.entries(columns)) {
    if (column !== undefined) Require.array(operation, name, column, steps.length)
  }
  for (let k = 1; k < steps.length; k++) {
    if (!(steps[k]! > steps[k - 1]!)) {
      invalid(operation, "steps must increase", { step: steps[k]!, previous: steps[k - 1]! })
    }
  }
  if (!(threshold > 1)) invalid(operation, "threshold must be above 1", { threshold })
  if (batch !== undefined || log.isAveraged === true) {
    const reading = read(log, { threshold, batch, isSmooth: batch === "full" })
    return { ...reading, roughness: batch === undefined ? "unknown" : "said" }
  }
  const roughness = roughnessOf(log.losses, floorOf(log.losses))
  const isSmooth = roughness === "smooth"
  const assumed = roughness === "scattered" ? ("some" as const) : undefined
  const reading = read(log, { threshold, batch: assumed, isSmooth })
  if (roughness !== "unknown") return { ...reading, roughness }
  const ifFull = read(log, { threshold, batch: "full", isSmooth: true })
  return kindsOf(reading) === kindsOf(ifFull)
    ? { ...reading, roughness }
    : { ...reading, roughness, ifFull }
}
