import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import type { Attempt, Search, Strategy } from "./Attempt.ts"
import type { Claim } from "./Claim.ts"
import type { Erratum } from "./Erratum.ts"
import { efforts } from "./Efforts.ts"
import * as Extent from "./Extent.ts"
import { axesOf } from "./Growth.ts"
import * as Histogram from "./Histogram.ts"
import * as Replay from "./Replay.ts"
import * as Trend from "./Trend.ts"
import {
  type Caught,
  type Counterexample,
  type Horizon,
  type Margins,
  type Nearest,
  type Tried,
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
  readonly way?: Strategy
  /** Growth of the instances of each claim: the largest factor of their size and horizon, and milliseconds for each. */
  readonly growth?: { readonly most: number; readonly budget?: number }
}

/** One search of a plan. Searches are independent, and may run on any thread in any order. */
export interface Part {
  readonly id: string
  /** Name of the control that must fail; absent for the claim itself. */
  readonly control?: string
  readonly search: Search
}

/**
 * Runs per shard: few enough to distribute a claim over threads, and many enough to outweigh the cost of a message or to be
 * steered.
 */
const leastShard = { random: 64, steered: 500 } as const

/** Maximum number of shards of a search, enough to keep all threads busy. */
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
 * Searches that decide a claim: its runs in shards, one search for each control, and one for each axis of growth. With a single
 * instance each search is one run. Throws InvalidInput on a bad effort.
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
    ...growing(claim, effort),
  ]
}

/** The search for a counterexample to an erratum. Throws InvalidInput on a bad effort. */
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

/** Instances that grow, for each axis. */
const grownRuns = 20

const growing = (claim: Claim, effort: Effort): ReadonlyArray<Part> => {
  if (effort.growth === undefined) return []
  const { budget, most } = effort.growth
  return axesOf(claim).map((axis) => ({
    id: claim.id,
    search: {
      seed: seedOf(effort, claim.id, "growth", axis),
      runs: grownRuns,
      growth: { axis, most },
      ...(budget === undefined ? {} : { budget }),
    },
  }))
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

/** Worst margin after each number of draws in `efforts`. */
const reached = (margins: Float64Array): ReadonlyArray<number> => {
  let worst = Number.POSITIVE_INFINITY
  let done = 0
  return efforts(margins.length).map((draws) => {
    for (; done < draws; done++) worst = Math.min(worst, margins[done]!)
    return worst
  })
}

/** Run closest to a violation, over all searches of a claim. */
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

/** A part and the result of its search. */
export type Finding = readonly [part: Part, attempt: Attempt]

/** Extent of the searches of a statement, and their way. */
const triedOf = ({ extent }: Claim | Erratum, findings: ReadonlyArray<Finding>): Tried => ({
  way: findings[0]?.[0].search.way ?? "random",
  extent: findings
    .map(([, attempt]) => attempt.extent ?? {})
    .reduce(Extent.join, typeof extent === "object" ? extent : {}),
})

const horizonsOf = (
  { tight }: Claim,
  findings: ReadonlyArray<Finding>,
): { readonly horizons?: ReadonlyArray<Horizon> } => {
  const horizons = findings.flatMap(([{ search }, { grown, stopped }]) =>
    search.growth === undefined || grown === undefined
      ? []
      : [
          {
            axis: search.growth.axis,
            sizes: grown,
            trend: Trend.of(grown.map(({ worst }) => worst)),
            ...(stopped === undefined ? {} : { stopped }),
            ...(tight === undefined ? {} : { tight }),
          },
        ],
  )
  return horizons.length === 0 ? {} : { horizons }
}

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
 * Verdict on a claim from the findings of all its parts, in the order of `ofClaim`.
 *
 * A counterexample takes precedence over a broken part, that over a surviving control, and that over an exhausted budget. A
 * budget may shorten the runs of a claim, which reports the number of runs made. It must allow at least one run, and enough
 * time to detect every control.
 */
export const judgeClaim = (claim: Claim, findings: ReadonlyArray<Finding>): Verdict => {
  const itself = findings.filter(([part]) => part.control === undefined)
  const own = itself.filter(([{ search }]) => search.growth === undefined)
  const runs = runsOf(own)
  const tried = { ...describedBy(claim), runs, tried: triedOf(claim, own) }
  const violated = smallestViolation(own) ?? smallestViolation(itself)
  if (violated !== undefined) {
    return {
      _tag: "Falsified",
      ...tried,
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
  if (survived.length > 0) return { _tag: "Toothless", ...tried, survived }
  if (interrupted) return { _tag: "Undecided", ...tried }
  const all = Float64Array.from(own.flatMap(([, { margins }]) => [...margins]))
  return {
    _tag: "Held",
    ...tried,
    margins: { ...quantiles(all), reached: reached(all), ...distribution(all) },
    caught,
    ...nearestOf(own),
    ...horizonsOf(claim, itself),
  }
}

const faultOf = ({ class: of, read }: Erratum) => ({ class: of, read })

/** The verdict on an erratum from the findings of `ofErratum`. */
export const judgeErratum = (erratum: Erratum, findings: ReadonlyArray<Finding>): Verdict => {
  const found = smallestViolation(findings)
  const tried = triedOf(erratum, findings)
  if (found !== undefined) {
    return {
      _tag: "Refuted",
      ...describedBy(erratum),
      ...faultOf(erratum),
      corrected: erratum.corrected,
      explanation: erratum.explanation,
      tried,
      ...(found.violation.certainty === undefined ? {} : { exact: found.violation.certainty }),
      counterexample: counterexample(found.part, found.violation),
    }
  }
  const failure = broken(erratum, findings)
  if (failure !== undefined) return failure
  const _tag = findings.some(([, { interrupted }]) => interrupted) ? "Undecided" : "Unrefuted"
  return { _tag, ...describedBy(erratum), ...faultOf(erratum), runs: runsOf(findings), tried }
}
