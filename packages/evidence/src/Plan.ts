import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import type { Attempt, Search, Way } from "./Attempt.ts"
import type { Claim } from "./Claim.ts"
import type { Erratum } from "./Erratum.ts"
import { efforts } from "./Efforts.ts"
import * as Histogram from "./Histogram.ts"
import * as Replay from "./Replay.ts"
import {
  type Caught,
  type Counterexample,
  type Margins,
  type Nearest,
  type Verdict,
} from "./Verdict.ts"

/** Effort of the search for a violation. */
export interface Effort {
  /** Instances to draw, at least 1. */
  readonly runs: number
  /** The root seed: each claim, shard and control gets a child of its own. */
  readonly seed: number
  /** Milliseconds for each search; without it the verdict is deterministic. */
  readonly budget?: number
  /** Search strategy of claims, controls and errata; default random. */
  readonly way?: Way
}

/** One search of a plan. Searches are independent, so they may run on any thread in any order. */
export interface Part {
  readonly id: string
  /** The name of the control whose failure is wanted; absent for the claim itself. */
  readonly control?: string
  readonly search: Search
}

/** Runs in a shard: few enough to share a claim between threads, many enough to hide the cost of a message, or to be steered. */
const leastShard = { random: 64, steered: 500 } as const

/** So many shards keep all threads busy; more of them would only wait in memory. */
const mostShards = 4096

/** A control is worth this many tries even where the claim gets fewer. */
const leastControlRuns = 200

const requireEffort = (operation: string, { budget, runs, seed }: Effort): void => {
  Require.count(operation, "runs", runs)
  Require.finite(operation, "seed", seed)
  if (budget !== undefined) Require.positive(operation, "budget", budget)
}

const seedOf = (effort: Effort, ...labels: ReadonlyArray<string | number>): number =>
  labels.reduce((seed, label) => seed.child(label), Seed.root(effort.seed)).words[0] | 0

const asAsked = ({ budget, way }: Effort, search: Search): Search => ({
  ...search,
  ...(way === "steered" ? { way } : {}),
  ...(budget === undefined ? {} : { budget }),
})

const shards = ({ hasOneInstance, id }: Claim, effort: Effort): ReadonlyArray<Part> => {
  const runs = hasOneInstance === true ? 1 : effort.runs
  const size = Math.max(leastShard[effort.way ?? "random"], Math.ceil(runs / mostShards))
  return Array.from({ length: Math.ceil(runs / size) }, (_, shard) => ({
    id,
    search: asAsked(effort, {
      seed: seedOf(effort, id, shard),
      runs: Math.min(size, runs - shard * size),
    }),
  }))
}

/**
 * The searches that decide a claim: its runs in shards, then one search for each control; of one instance one run each. Throws InvalidInput on a bad effort.
 *
 * @example
 * ```ts import.meta.vitest
 * import { claim, Draw, Margin, Plan } from "@nonconvex/evidence"
 *
 * const digits = claim({
 *   id: "example/digits",
 *   statement: "A digit is at most nine.",
 *   source: { paper: "none", statement: "none", basis: "derived here" },
 *   instances: Draw.record({ digit: Draw.integer(0, 9) }),
 *   margin: ({ instance: { digit } }) => Margin.atMost(digit, 9),
 *   controls: [{ name: "base sixteen", instances: Draw.record({ digit: Draw.integer(0, 15) }) }],
 * })
 * Plan.ofClaim(digits, { runs: 100, seed: 1 }).map(({ search }) => search.runs) // => [64, 36, 200]
 * ```
 */
export const ofClaim = (claim: Claim, effort: Effort): ReadonlyArray<Part> => {
  requireEffort("Plan.ofClaim", effort)
  return [
    ...shards(claim, effort),
    ...claim.controls.map((control) => ({
      id: claim.id,
      control,
      search: asAsked(effort, {
        seed: seedOf(effort, claim.id, "control", control),
        runs: claim.hasOneInstance === true ? 1 : Math.max(leastControlRuns, effort.runs),
        shrinks: 50,
      }),
    })),
  ]
}

/**
 * The search for a counterexample to an erratum. Throws InvalidInput on a bad effort.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Draw, erratum, Margin, Plan } from "@nonconvex/evidence"
 *
 * const squares = erratum({
 *   id: "example/squares",
 *   statement: "If the paper says that n^2 is at most 2n: it is not from n = 3 on.",
 *   source: { paper: "none", statement: "none", basis: "derived here" },
 *   class: "theorem false",
 *   read: { as: "derived" },
 *   corrected: "example/small-squares",
 *   explanation: "n^2 is at most 2n for n up to 2 alone.",
 *   instances: Draw.record({ n: Draw.integer(0, 9) }),
 *   margin: ({ instance: { n } }) => Margin.atMost(n * n, 2 * n),
 * })
 * Plan.ofErratum(squares, { runs: 500, seed: 1 }).map(({ search }) => search.runs) // => [500]
 * ```
 */
export const ofErratum = (erratum: Erratum, effort: Effort): ReadonlyArray<Part> => {
  requireEffort("Plan.ofErratum", effort)
  return [
    {
      id: erratum.id,
      search: asAsked(effort, {
        seed: seedOf(effort, erratum.id, 0),
        runs: Math.max(leastControlRuns, effort.runs),
      }),
    },
  ]
}

type Violation = NonNullable<Attempt["violation"]>

const counterexample = (part: Part, violation: Violation): Counterexample => ({
  instance: violation.instance,
  margin: violation.margin,
  ...(violation.compared === undefined ? {} : { compared: violation.compared }),
  ...(violation.exact === undefined ? {} : { exact: violation.exact }),
  ...(violation.answered === undefined ? {} : { answered: violation.answered }),
  shrinks: violation.shrinks,
  replay: Replay.format({
    id: part.id,
    ...(part.control === undefined ? {} : { control: part.control }),
    seed: violation.seed,
    path: violation.path,
  }),
})

const quantiles = (margins: Float64Array): Margins => {
  const sorted = margins.toSorted()
  const at = (fraction: number) => sorted[Math.floor(fraction * (sorted.length - 1))]!
  return { worst: at(0), percent1: at(0.01), percent10: at(0.1), median: at(0.5) }
}

const distribution = (margins: Float64Array): Pick<Margins, "histogram"> => {
  const histogram = Histogram.of(margins)
  return histogram === undefined ? {} : { histogram }
}

/** The worst margin after so many draws as `efforts` says. */
const reached = (margins: Float64Array): ReadonlyArray<number> => {
  let worst = Number.POSITIVE_INFINITY
  let done = 0
  return efforts(margins.length).map((draws) => {
    for (; done < draws; done++) worst = Math.min(worst, margins[done]!)
    return worst
  })
}

/** The run that came nearest to a violation, of all searches of a claim. */
const nearestOf = (own: ReadonlyArray<Finding>): { readonly nearest?: Nearest } => {
  const leastOf = ([, { margins }]: Finding) =>
    margins.reduce((least, margin) => Math.min(least, margin), Number.POSITIVE_INFINITY)
  const [first] = own
    .filter(([, { nearest }]) => nearest !== undefined)
    .map((finding) => ({ finding, least: leastOf(finding) }))
    .toSorted((a, b) => a.least - b.least)
  if (first === undefined) return {}
  const [{ id }, { nearest }] = first.finding
  const { path, seed, ...compared } = nearest!
  return { nearest: { ...compared, replay: Replay.format({ id, seed, path }) } }
}

const size = (violation: Violation): number => JSON.stringify(violation.instance).length

/** A part and what its search found. */
export type Finding = readonly [part: Part, attempt: Attempt]

const smallestViolation = (findings: ReadonlyArray<Finding>) =>
  findings
    .flatMap(([part, { violation }]) =>
      violation === undefined || violation.reason !== undefined ? [] : [{ part, violation }],
    )
    .toSorted((a, b) => size(a.violation) - size(b.violation))[0]

const describedBy = ({ id, source, statement }: Claim | Erratum) => ({ id, statement, source })

const runsOf = (findings: ReadonlyArray<Finding>): number =>
  findings.reduce(
    (runs, [, { margins, violation }]) => runs + margins.length + (violation === undefined ? 0 : 1),
    0,
  )

const broken = (subject: Claim | Erratum, findings: ReadonlyArray<Finding>) => {
  for (const [part, { violation }] of findings) {
    if (violation?.reason === undefined) continue
    return {
      _tag: "Broken" as const,
      ...describedBy(subject),
      reason: violation.reason,
      counterexample: counterexample(part, violation),
    }
  }
  return undefined
}

/**
 * The verdict on a claim from the findings of all its parts, in the order of `ofClaim`.
 *
 * A counterexample outweighs a part that broke, a part that broke outweighs a control that survived, and that outweighs a
 * budget that ended too early. A budget may cut the runs of a claim that held, which then reports those it made; it must leave
 * at least one, and time to catch every control.
 *
 * @example
 * ```ts import.meta.vitest
 * import { claim, Draw, Margin, Plan } from "@nonconvex/evidence"
 *
 * const digits = claim({
 *   id: "example/digits",
 *   statement: "A digit is at most nine.",
 *   source: { paper: "none", statement: "none", basis: "derived here" },
 *   instances: Draw.record({ digit: Draw.integer(0, 9) }),
 *   margin: ({ instance: { digit } }) => Margin.atMost(digit, 9),
 *   controls: [{ name: "none", instances: Draw.record({ digit: Draw.integer(0, 8) }) }],
 * })
 * const [own, control] = Plan.ofClaim(digits, { runs: 2, seed: 1 })
 * const held = { margins: Float64Array.of(0, 1), interrupted: false }
 * Plan.judgeClaim(digits, [[own!, held], [control!, held]])._tag // => "Toothless"
 * ```
 */
export const judgeClaim = (claim: Claim, findings: ReadonlyArray<Finding>): Verdict => {
  const own = findings.filter(([part]) => part.control === undefined)
  const runs = runsOf(own)
  const violated = smallestViolation(own)
  if (violated !== undefined) {
    return {
      _tag: "Falsified",
      ...describedBy(claim),
      runs,
      ...(claim.inFloatingPoint === undefined ? {} : { inFloatingPoint: claim.inFloatingPoint }),
      counterexample: counterexample(violated.part, violated.violation),
    }
  }
  const failure = broken(claim, findings)
  if (failure !== undefined) return failure
  const caught: Array<Caught> = []
  const survived: Array<string> = []
  let interrupted = runs === 0
  for (const [part, attempt] of findings) {
    if (part.control === undefined) continue
    if (attempt.violation !== undefined) {
      caught.push({
        control: part.control,
        runs: attempt.margins.length + 1,
        counterexample: counterexample(part, attempt.violation),
      })
    } else if (attempt.interrupted) interrupted = true
    else survived.push(part.control)
  }
  if (survived.length > 0) return { _tag: "Toothless", ...describedBy(claim), runs, survived }
  if (interrupted) return { _tag: "Undecided", ...describedBy(claim), runs }
  const all = Float64Array.from(own.flatMap(([, { margins }]) => [...margins]))
  return {
    _tag: "Held",
    ...describedBy(claim),
    runs,
    margins: { ...quantiles(all), reached: reached(all), ...distribution(all) },
    caught,
    ...nearestOf(own),
  }
}

const faultOf = ({ class: of, read }: Erratum) => ({ class: of, read })

/**
 * The verdict on an erratum from the findings of `ofErratum`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Draw, erratum, Margin, Plan } from "@nonconvex/evidence"
 *
 * const squares = erratum({
 *   id: "example/squares",
 *   statement: "If the paper says that n^2 is at most 2n: it is not from n = 3 on.",
 *   source: { paper: "none", statement: "none", basis: "derived here" },
 *   class: "theorem false",
 *   read: { as: "derived" },
 *   corrected: "example/small-squares",
 *   explanation: "n^2 is at most 2n for n up to 2 alone.",
 *   instances: Draw.record({ n: Draw.integer(0, 9) }),
 *   margin: ({ instance: { n } }) => Margin.atMost(n * n, 2 * n),
 * })
 * const [part] = Plan.ofErratum(squares, { runs: 200, seed: 1 })
 * Plan.judgeErratum(squares, [[part!, { margins: Float64Array.of(1, 0), interrupted: false }]])._tag // => "Unrefuted"
 * ```
 */
export const judgeErratum = (erratum: Erratum, findings: ReadonlyArray<Finding>): Verdict => {
  const found = smallestViolation(findings)
  if (found !== undefined) {
    return {
      _tag: "Refuted",
      ...describedBy(erratum),
      ...faultOf(erratum),
      corrected: erratum.corrected,
      explanation: erratum.explanation,
      ...(found.violation.certainty === undefined ? {} : { exact: found.violation.certainty }),
      counterexample: counterexample(found.part, found.violation),
    }
  }
  const failure = broken(erratum, findings)
  if (failure !== undefined) return failure
  const _tag = findings.some(([, { interrupted }]) => interrupted) ? "Undecided" : "Unrefuted"
  return { _tag, ...describedBy(erratum), ...faultOf(erratum), runs: runsOf(findings) }
}
