import { Schema } from "effect"
import { Compared, Strategy } from "./Attempt.ts"
import { Histogram } from "./Histogram.ts"
import * as Erratum from "./Erratum.ts"
import { Confirmation, describe as inWords } from "./exact/Confirmation.ts"
import { Certainty } from "./exact/Counterexample.ts"
import * as InFloatingPoint from "./exact/InFloatingPoint.ts"
import * as Extent from "./Extent.ts"
import * as Sizes from "./Sizes.ts"
import { comparison } from "./Instance.ts"
import { Source } from "./Source.ts"
import * as Trend from "./Trend.ts"

/** Effort of a search: its method, and the largest sizes and horizons that it drew. */
const Tried = Schema.Struct({ way: Strategy, extent: Extent.Extent })
export type Tried = typeof Tried.Type

/**
 * Worst margins of instances that grew along an axis, their trend, why they stopped growing, and why a falling one does not
 * reach 0.
 */
const Horizon = Schema.Struct({
  axis: Sizes.Axis,
  sizes: Schema.Array(Sizes.Grown),
  trend: Trend.Trend,
  stopped: Schema.optionalKey(Schema.String),
  tight: Schema.optionalKey(Schema.String),
})
export type Horizon = typeof Horizon.Type

/** Runs of a search and how far they went; absent in earlier results. */
const tried = { runs: Schema.Int, tried: Schema.optionalKey(Tried) }

const described = { id: Schema.String, statement: Schema.String, source: Source }

/** A violating instance after shrinking, its margin, and the token that reproduces it: `nonconvex replay <token>`. */
const Counterexample = Schema.Struct({
  instance: Schema.Json,
  margin: Schema.Number,
  /** Comparison that violated the statement, if there is one. */
  compared: Schema.optionalKey(Compared),
  /** Exact values, where the claim has them. */
  exact: Schema.optionalKey(Confirmation),
  /** Non-finite answer by the subject of a law. */
  answered: Schema.optionalKey(Schema.String),
  shrinks: Schema.Int,
  replay: Schema.String,
})
export type Counterexample = typeof Counterexample.Type

/** Maximum number of draw counts at which the worst margin is reported. */
const mostEfforts = 50

/** Margins over all runs, as the smallest and three quantiles: each is the margin of a run, the lower of two neighbours. */
const Margins = Schema.Struct({
  worst: Schema.Number,
  percent1: Schema.Number,
  percent10: Schema.Number,
  median: Schema.Number,
  /** Worst margin after each number of draws in `efforts`; absent in earlier results. */
  reached: Schema.optionalKey(Schema.Array(Schema.Number).check(Schema.isMaxLength(mostEfforts))),
  /** Distribution of the finite margins; absent in earlier results. */
  histogram: Schema.optionalKey(Histogram),
})
export type Margins = typeof Margins.Type

/** Run with the least margin: the comparison that decided it, if there was one, and its replay token. */
const Nearest = Schema.Struct({
  compared: Schema.optionalKey(Compared),
  replay: Schema.String,
})
export type Nearest = typeof Nearest.Type

/** Detected control, with the number of runs and the instance that detected it. */
const Caught = Schema.Struct({
  control: Schema.String,
  runs: Schema.Int,
  counterexample: Counterexample,
})
export type Caught = typeof Caught.Type

/**
 * The claim held in every run, and each of its controls was detected. `runs` were made, possibly fewer than requested
 * because of a time budget.
 */
export const Held = Schema.TaggedStruct("Held", {
  ...described,
  ...tried,
  margins: Margins,
  caught: Schema.Array(Caught),
  /** Absent in earlier results. */
  nearest: Schema.optionalKey(Nearest),
  /** Present after a search over growing instances. */
  horizons: Schema.optionalKey(Schema.Array(Horizon)),
})

/** An instance violates the claim. */
const Falsified = Schema.TaggedStruct("Falsified", {
  ...described,
  ...tried,
  /** Reason for a claim without exact values; absent in earlier results. */
  inFloatingPoint: Schema.optionalKey(InFloatingPoint.Reason),
  counterexample: Counterexample,
})

/** The claim holds also under a control that should break it, so it does not test its statement. */
const Toothless = Schema.TaggedStruct("Toothless", {
  ...described,
  ...tried,
  survived: Schema.Array(Schema.String),
})

/** Consequence and basis of an erratum. Absent in earlier results. */
const faulted = {
  class: Schema.optionalKey(Erratum.Class),
  read: Schema.optionalKey(Erratum.Read),
}

/** A counterexample was found for an erratum: the statement is false as printed. */
const Refuted = Schema.TaggedStruct("Refuted", {
  ...described,
  ...faulted,
  corrected: Schema.String,
  explanation: Schema.String,
  tried: tried.tried,
  /** Counterexample in round numbers with its exact values, or the reason for its absence; absent in earlier results. */
  exact: Schema.optionalKey(Certainty),
  counterexample: Counterexample,
})

/** No counterexample was found for an erratum: the statement may be true. */
const Unrefuted = Schema.TaggedStruct("Unrefuted", {
  ...described,
  ...faulted,
  ...tried,
})

/** A trial of the claim or a control threw, failed or returned NaN: nothing was measured. */
const Broken = Schema.TaggedStruct("Broken", {
  ...described,
  reason: Schema.String,
  counterexample: Counterexample,
})

/** The time budget ended before the first run of a claim, before a control was detected, or before an erratum was refuted. */
const Undecided = Schema.TaggedStruct("Undecided", { ...described, ...tried })

export const Verdict = Schema.Union([
  Held,
  Falsified,
  Toothless,
  Refuted,
  Unrefuted,
  Broken,
  Undecided,
])
export type Verdict = typeof Verdict.Type

/** Tests whether the verdict is as the project states: a claim holds and its controls are detected, or an erratum is refuted. */
export const isExpected = (verdict: Verdict): boolean =>
  verdict._tag === "Held" || verdict._tag === "Refuted"

/** A margin up to this much is near to its bound. */
const near = 0.1

/**
 * Larger of two numbers of the same sign over the smaller, where `most` is the larger side of a valid comparison; Infinity
 * if the signs differ.
 */
const factor = (least: number, most: number): number =>
  least > 0 ? most / least : most < 0 ? least / most : Number.POSITIVE_INFINITY

/**
 * Looseness of an inequality: the factor between its bound and the closest value; Infinity if one of them is not positive.
 * Undefined if some run came within a tenth of the bound, and for statements without a bound.
 */
export const looseness = ({ margins, nearest }: typeof Held.Type): number | undefined => {
  const compared = nearest?.compared
  if (compared === undefined || compared.relation === "equal" || compared.bound === 0) {
    return undefined
  }
  if (margins.worst <= near) return undefined
  const { actual, bound } = compared
  return compared.relation === "at most" ? factor(actual, bound) : factor(bound, actual)
}

/** The verdict is confirmed by fractions, or by intervals that are rounded outward, or is about numbers as they are. */
export const isExact = (verdict: Verdict): boolean => {
  if (verdict._tag !== "Refuted" && verdict._tag !== "Falsified") return false
  if (verdict._tag === "Falsified" && verdict.inFloatingPoint === "bits") return true
  const { exact } = verdict.counterexample
  if (exact?.outcome === "refuted") return true
  return (
    verdict._tag === "Refuted" &&
    verdict.exact !== undefined &&
    "outcome" in verdict.exact &&
    verdict.exact.outcome === "refuted"
  )
}

/** Strength of a refutation or falsification: `exactly`, `in floating point`, or `in floating point: it is about ...`. */
export const howSure = (verdict: Verdict): string => {
  if (isExact(verdict)) return "exactly"
  const why = verdict._tag === "Falsified" ? verdict.inFloatingPoint : undefined
  return `in floating point${why === undefined ? "" : `: ${InFloatingPoint.reasons[why]}`}`
}

/** A verdict on an erratum. */
export type OnErratum = typeof Refuted.Type | typeof Unrefuted.Type

/** Tests whether the statement was read in the paper; only then is it counted as printed and false. */
export const wasRead = ({ read, source }: OnErratum): boolean =>
  read === undefined ? source.basis === "as printed" : read.as === "printed"

/** One line for readers. */
export const describe = (verdict: Verdict): string => {
  switch (verdict._tag) {
    case "Held":
      return `${verdict.id} held in ${runs(verdict)}, worst margin ${short(verdict.margins.worst)}; detected ${verdict.caught.map((c) => c.control).join(", ")}`
    case "Falsified":
      return `${verdict.id} is falsified, ${howSure(verdict)}, by ${counterexample(verdict.counterexample)}`
    case "Toothless":
      return `${verdict.id} is toothless: it also holds under ${verdict.survived.join(", ")}`
    case "Refuted":
      return `${verdict.id} is refuted, ${howSure(verdict)}, as stated, by ${counterexample(verdict.counterexample)}; ${verdict.corrected} holds instead`
    case "Unrefuted":
      return `${verdict.id} found no counterexample in ${runs(verdict)}`
    case "Broken":
      return `${verdict.id} broke: ${verdict.reason} at ${counterexample(verdict.counterexample)}`
    case "Undecided":
      return `${verdict.id} is undecided: the time budget ended after ${runs(verdict)}`
  }
}

/** Describes how far a statement was tried. */
export const howFar = ({ extent, way }: Tried): string =>
  [way, Extent.describe(extent)].filter((part) => part !== "").join(", ")

/**
 * The horizon of a claim in words.
 */
export const inHorizon = ({ axis, sizes, stopped, tight, trend }: Horizon): string => {
  const last = sizes.at(-1)
  const reached =
    last === undefined
      ? `tried at no ${axis}`
      : `held up to ${Object.entries(last.extent)
          .map(([name, count]) => `${name} ${count}`)
          .join(", ")}`
  return `${reached}, trend ${inTrend(trend, last?.factor ?? 1, tight)}${stopped === undefined ? "" : `; ${stopped}`}`
}

const inTrend = (trend: Trend.Trend, reached: number, tight: string | undefined): string => {
  switch (trend._tag) {
    case "Untested":
      return "not tested, with fewer than four sizes"
    case "Flat":
      return `flat (p ${short(trend.p)})`
    case "Falling":
      return `falling (p ${short(trend.p)}): ${tight ?? `at this rate it would fail at about ${short(trend.failsAt / reached)} times this size`}`
  }
}

const runs = ({ runs: made, tried: far }: { readonly runs: number; readonly tried?: Tried }) =>
  `${made} ${made === 1 ? "run" : "runs"}${far === undefined ? "" : ` (${howFar(far)})`}`

const short = (value: number): string => value.toPrecision(3)

const counterexample = (c: Counterexample): string =>
  `${JSON.stringify(c.instance)} (${c.answered ?? `margin ${short(c.margin)}`}${c.compared === undefined ? "" : `: ${comparison(c.compared)}`}${c.exact === undefined ? "" : `; ${inWords(c.exact)}`}); replay ${c.replay}`
