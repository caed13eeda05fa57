/**
 * Judgement of a study's expectations: shares by exact intervals, differences and log ratios paired by seed. A verdict needs p <
 * 0.05 after Holm's correction over all expectations.
 */
import type { Row } from "@nonconvex/evidence/Experiment"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Schema } from "effect"
import * as ConservativeInterval from "../../statistics/ConservativeInterval.ts"
import * as Proportion from "../../statistics/Proportion.ts"
import { holm } from "../../statistics/Holm.ts"
import * as Student from "../../statistics/Student.ts"
import * as Clause from "../runs/Clause.ts"
import * as Metric from "../runs/Metric.ts"
import {
  type Expectation,
  type Heading,
  Outcome,
  Quantity,
  type Registered,
  type Side,
} from "./Preregistration.ts"

/** A mean over seeds with its 95 % interval. */
export const Mean = Schema.Struct({
  count: Schema.Int,
  mean: Schema.Number,
  low: Schema.Number,
  high: Schema.Number,
})
export type Mean = typeof Mean.Type

/** One expectation with its verdict. */
export const JudgedExpectation = Schema.Struct({
  statement: Schema.String,
  /** The finding in the words that were registered. */
  finding: Schema.String,
  /** The same in plain English; absent where the registered words are plain. */
  plain: Schema.optionalKey(Schema.String),
  outcome: Outcome,
  /** The seeds that have a number on both sides, and all seeds. */
  pairs: Schema.Int,
  seeds: Schema.Int,
  of: Schema.Struct({ label: Schema.String, ...Mean.fields }),
  against: Schema.Struct({ label: Schema.String, ...Mean.fields }),
  /** Difference, ratio of geometric means, or share. */
  effect: Schema.Struct({
    kind: Quantity,
    ...Mean.fields,
    /** Counts of a share: numerator and denominator. */
    counted: Schema.optionalKey(Schema.Struct({ holds: Schema.Int, of: Schema.Int })),
    /**
     * Probability, by chance alone, of an effect at least as far from the threshold, and the same after Holm's adjustment;
     * NaN if nothing can be tested.
     */
    p: Schema.Number,
    adjusted: Schema.Number,
    /** Number of expectations of the study that Holm's adjustment is over. */
    tests: Schema.Int,
  }),
  /** Threshold of the effect: `above 0`. */
  asked: Schema.String,
  /** True if its value follows from the construction, and nothing is random. */
  exact: Schema.optionalKey(Schema.Literal(true)),
  /** Reason, in addition to the interval, why it is undecided, and other notes for readers. */
  note: Schema.optionalKey(Schema.String),
  /** Reason why it is not on a first screen: for example, the paper does not claim it. */
  aside: Schema.optionalKey(Schema.String),
})
export type JudgedExpectation = typeof JudgedExpectation.Type

/** The finding in plain English. */
export const sentence = ({ finding, plain }: JudgedExpectation): string => plain ?? finding

/**
 * Headline of a study: the finding of its first expectation, and the first contradicted one, among those that are not set
 * aside.
 */
export const headline = (
  judged: ReadonlyArray<JudgedExpectation>,
): ReadonlyArray<JudgedExpectation> => {
  const shown = judged.filter(({ aside }) => aside === undefined)
  const against = shown.filter(({ outcome }) => outcome === "contradicted")
  return [...new Set([...shown.slice(0, 1), ...against.slice(0, 1)])]
}

/** Rows with the seed that each is of, and the settings that vary. */
export type Rows = ReadonlyArray<Row>

/** Rows of each seed, in the order in which the seeds appear. */
export const bySeed = (rows: Rows): ReadonlyMap<number, Rows> => {
  const found = new Map<number, Array<Row>>()
  for (const row of rows) {
    const seed = Number(row["seed"])
    const known = found.get(seed)
    if (known === undefined) found.set(seed, [row])
    else known.push(row)
  }
  return found
}

/** Parses a clause about rows. Throws `BadExpression` on an invalid clause. */
export const clause = (text: string | undefined): ReadonlyArray<Clause.Comparison> => {
  if (text === undefined) return []
  try {
    return Clause.conjunction(Clause.tokens(text))
  } catch (cause) {
    if (!(cause instanceof Clause.Refusal)) throw cause
    throw new Clause.BadExpression({ flag: "where", text, reason: cause.message })
  }
}

/** A row without a finite number is not within any distance of the best. */
const within = (side: Exclude<Side, string>, rows: Rows): Proportion.Count | undefined => {
  const valuesOf = (some: Rows) => some.map((row) => Number(row[side.share] ?? Number.NaN))
  const among = valuesOf(Clause.fitting(rows, clause(side.where)))
  const finite = valuesOf(Clause.fitting(rows, clause(side.best))).filter(Number.isFinite)
  if (among.length === 0 || finite.length === 0) return undefined
  const bar = finite.reduce((best, value) => Math.max(best, value)) - side.within
  return { holds: among.filter((value) => value >= bar).length, of: among.length }
}

/** Value of a side in the rows of one seed; NaN if there is none. Throws `BadExpression`. */
export const valueOf = (side: Side, rows: Rows): number => {
  if (typeof side === "string") return Metric.evaluate(Metric.parse(side), rows).value
  const counted = within(side, rows)
  return counted === undefined ? Number.NaN : counted.holds / counted.of
}

/** Value of a side for each seed. Throws `BadExpression`. */
const valuesOf = (side: Side, seeds: ReadonlyArray<Rows>): ReadonlyArray<number> => {
  if (typeof side !== "string") return seeds.map((rows) => valueOf(side, rows))
  const metric = Metric.parse(side)
  return seeds.map((rows) => Metric.evaluate(metric, rows).value)
}

const isTruth = (value: unknown): boolean =>
  typeof value === "boolean" || value === 0 || value === 1

/**
 * Counts of a share in each seed; none if nothing matches. Undefined if the side is not a share, but the mean of a column of
 * other numbers. Throws `BadExpression`.
 */
const countsOf = (
  side: Side,
  seeds: ReadonlyArray<Rows>,
): ReadonlyArray<Proportion.Count> | undefined => {
  const none = { holds: 0, of: 0 }
  if (typeof side !== "string") return seeds.map((rows) => within(side, rows) ?? none)
  const { aggregate, column, where } = Metric.parse(side)
  // of the whole table: a count is no share because the rows at hand have 0 or 1 of it
  const isShare = seeds.every((rows) =>
    rows.every((row) => row[column] === undefined || isTruth(row[column])),
  )
  if (aggregate !== "mean" || !isShare) return undefined
  return seeds.map((rows) => {
    const values = Clause.fitting(rows, where).flatMap((row) => row[column] ?? [])
    return { holds: values.filter(Number).length, of: values.length }
  })
}

const exponential = <Interval extends Student.Interval & { readonly mean: number }>(
  logarithm: Interval,
): Interval => ({
  ...logarithm,
  mean: Elementary.exp(logarithm.mean),
  low: Elementary.exp(logarithm.low),
  high: Elementary.exp(logarithm.high),
})

/** The geometric mean of positive numbers with its interval. */
export const geometric = (values: ReadonlyArray<number>): Mean => {
  const { count, high, low, mean } = exponential(
    ConservativeInterval.sample(values.map(Elementary.log)),
  )
  return { count, mean, low, high }
}

/**
 * Mean of a side over seeds: a share with its exact interval, or a mean over seeds with a finite value with Student's
 * interval. Throws `BadExpression`.
 */
export const meanOf = (side: Side, seeds: ReadonlyArray<Rows>): Mean => {
  const counts = countsOf(side, seeds)
  if (counts !== undefined) {
    const { high, low, share } = Proportion.of(counts)
    return { count: counts.filter(({ of }) => of > 0).length, mean: share, low, high }
  }
  const values = valuesOf(side, seeds).filter(Number.isFinite)
  const { count, high, low, mean } = Student.sample(values)
  return { count, mean, low, high }
}

/** Lower and upper bound of an effect that is as expected. */
type Range = readonly [least: number, most: number]

const rangeOf = (kind: Quantity, { against, direction, threshold }: Expectation): Range => {
  // the effect of a share is the share itself
  const bar = kind === "share" && "value" in against ? against.value : 0
  if (direction === "more") return [bar + threshold, Number.POSITIVE_INFINITY]
  if (direction === "less") return [Number.NEGATIVE_INFINITY, bar + threshold]
  // a ratio is as far from 1 by a factor as by its inverse
  return kind === "ratio" ? [1 / threshold, threshold] : [bar - threshold, bar + threshold]
}

/** Decides whether an interval lies inside a range, outside of it, or across its boundary. */
const decide = ([least, most]: Range, { high, low }: Student.Interval): Outcome => {
  if (low > least && high < most) return "supported"
  return high < least || low > most ? "contradicted" : "undecided"
}

/**
 * Probability that chance alone moves an effect across the end of a range. For an effect inside, the farther end counts;
 * outside, the nearer end.
 */
const probabilityAt = (
  [least, most]: Range,
  mean: number,
  probability: (bar: number) => number,
): number => {
  const ends = [least, most].filter(Number.isFinite)
  const isInside = mean > least && mean < most
  const found = ends.map(probability)
  if (isInside) return found.reduce((larger, p) => Math.max(larger, p))
  return mean <= least ? probability(least) : probability(most)
}

const written = (value: number): string => String(Number(value.toPrecision(4)))

const asked = ([least, most]: Range): string => {
  if (most === Number.POSITIVE_INFINITY) return `above ${written(least)}`
  if (least === Number.NEGATIVE_INFINITY) return `below ${written(most)}`
  return `between ${written(least)} and ${written(most)}`
}

/** Effect with its interval and probability; `isFixed` if it is equal at all seeds. */
interface Measured extends Student.Interval {
  readonly count: number
  readonly mean: number
  readonly p: number
  readonly isFixed: boolean
  readonly counted?: Proportion.Count
}

const ofShare = (counts: ReadonlyArray<Proportion.Count>, range: Range): Measured => {
  const found = Proportion.of(counts)
  const { high, holds, low, of, share } = found
  const p = probabilityAt(range, share, (bar) => Proportion.probability(found, bar))
  return {
    count: counts.length,
    mean: share,
    low,
    high,
    p,
    isFixed: false,
    counted: { holds, of },
  }
}

const ofPairs = (differences: ReadonlyArray<number>, range: Range): Measured => {
  const found = ConservativeInterval.sample(differences)
  const { count, high, low, mean, sd } = found
  // what is equal up to rounding does not vary
  const isFixed = count > 1 && sd <= 1e-12 * Math.max(1, Math.abs(mean))
  const p = isFixed
    ? Number.NaN
    : probabilityAt(range, mean, (bar) => ConservativeInterval.probability(found, bar))
  return { count, mean, low, high, p, isFixed }
}

/** A study that is judged. */
export interface Subject {
  readonly registered: Registered
  readonly heading: Pick<Heading, "deterministic" | "plain" | "remarks">
}

/**
 * Measures one expectation on the rows of each seed, without adjustment for the others. Throws `BadExpression` if the rows
 * lack a named column.
 */
const measure = (expectation: Expectation, seeds: ReadonlyArray<Rows>) => {
  const { against, effect, of } = expectation
  const first = valuesOf(of.metric, seeds)
  const second =
    "value" in against ? seeds.map(() => against.value) : valuesOf(against.metric, seeds)
  const counts = effect !== "ratio" && "value" in against ? countsOf(of.metric, seeds) : undefined
  const kind: Quantity =
    counts === undefined ? (effect === "ratio" ? "ratio" : "difference") : "share"
  const isRatio = kind === "ratio"
  const isPair = (at: number) =>
    [first[at]!, second[at]!].every((value) => Number.isFinite(value) && (!isRatio || value > 0))
  const places = seeds.flatMap((_, at) => (isPair(at) ? [at] : []))
  const scaled = (value: number) => (isRatio ? Elementary.log(value) : value)
  const range = rangeOf(kind, expectation)
  const differences = places.map((at) => scaled(first[at]!) - scaled(second[at]!))
  const ends: Range = isRatio ? [scaled(Math.max(0, range[0])), scaled(range[1])] : range
  const areShares =
    kind === "difference" &&
    !("value" in against) &&
    [of.metric, against.metric].every((side) => countsOf(side, seeds) !== undefined)
  const measured = counts === undefined ? ofPairs(differences, ends) : ofShare(counts, ends)
  // an interval of a mean does not know that shares differ by at most 1
  const found = areShares
    ? { ...measured, low: Math.max(-1, measured.low), high: Math.min(1, measured.high) }
    : measured
  const meansOf = (side: Side, values: ReadonlyArray<number>): Mean =>
    isRatio
      ? geometric(values.filter((value) => Number.isFinite(value) && value > 0))
      : meanOf(side, seeds)
  const fixed = (value: number): Mean => ({
    count: seeds.length,
    mean: value,
    low: value,
    high: value,
  })
  return {
    kind,
    range,
    pairs: places.length,
    found: isRatio ? exponential(found) : found,
    /** The means of both sides, which no verdict needs. */
    sides: () => ({
      of: { label: of.label, ...meansOf(of.metric, first) },
      against: {
        label: against.label,
        ...("value" in against ? fixed(against.value) : meansOf(against.metric, second)),
      },
    }),
  }
}

/** Significance level. */
const level = 0.05

/** The outcome with the reason why it is undecided, where that is not its interval. */
const verdict = (
  { found, pairs, range }: ReturnType<typeof measure>,
  {
    adjusted,
    seeds,
    tests,
  }: { readonly adjusted: number; readonly seeds: number; readonly tests: number },
  { deterministic }: Subject["heading"],
  reserved: string | undefined,
): { readonly outcome: Outcome; readonly note?: string; readonly exact?: true } => {
  const undecided = (note: string) => ({ outcome: "undecided", note }) as const
  if (pairs < seeds || seeds < 2) {
    return undecided(`${seeds - pairs} of ${seeds} seeds lack a number on one side`)
  }
  if (reserved !== undefined) return undecided(reserved)
  const alone = decide(range, found)
  if (found.isFixed) {
    return deterministic === true
      ? { outcome: alone, exact: true }
      : undecided(`it is equal at all ${seeds} seeds, so its variation by chance is unknown`)
  }
  if (alone === "undecided" || adjusted < level) return { outcome: alone }
  return undecided(
    `as a single test it would be ${alone} (p ${written(found.p)}), but not after correction for ${tests} expectations`,
  )
}

/** Verdict on each expectation, in order, with the numbers behind it. */
const verdictsOn = ({ heading, registered: { expectations } }: Subject, rows: Rows) => {
  const seeds = [...bySeed(rows).values()]
  const measured = expectations.map((each) => measure(each, seeds))
  const probabilities = measured.map(({ found }) => found.p)
  const raised = holm(probabilities)
  const tests = probabilities.filter((p) => !Number.isNaN(p)).length
  return expectations.map(({ statement, words }, at) => {
    const each = measured[at]!
    const adjusted = raised[at]!
    const remark = (kind: "reserved" | "aside" | "note") =>
      heading.remarks?.find((other) => other.statement === statement && other.kind === kind)?.text
    const chance = { adjusted, seeds: seeds.length, tests }
    const found = verdict(each, chance, heading, remark("reserved"))
    return { statement, words, each, remark, ...chance, verdict: found }
  })
}

/**
 * Outcomes of the registered expectations, as from `judgeAll`, without the means of both sides. Throws `BadExpression` in
 * the same cases.
 */
export const outcomesOf = (subject: Subject, rows: Rows): ReadonlyArray<Outcome> =>
  verdictsOn(subject, rows).map(({ verdict: { outcome } }) => outcome)

/** Judges the registered expectations, in order. Throws `BadExpression` if the rows lack a column that they name. */
export const judgeAll = (subject: Subject, rows: Rows): ReadonlyArray<JudgedExpectation> =>
  verdictsOn(subject, rows).map((judged) => {
    const { adjusted, each, remark, seeds, statement, tests, words } = judged
    const { counted, isFixed: _, ...found } = each.found
    const { note, outcome, ...reasons } = judged.verdict
    const notes = [note, remark("note")].flatMap((text) => text ?? [])
    const aside = remark("aside")
    const finding = words[outcome]
    const plain = subject.heading.plain?.[finding]
    return {
      statement,
      finding,
      ...(plain === undefined ? {} : { plain }),
      outcome,
      pairs: each.pairs,
      seeds,
      ...each.sides(),
      effect: {
        kind: each.kind,
        ...found,
        ...(counted === undefined ? {} : { counted }),
        adjusted,
        tests,
      },
      asked: asked(each.range),
      ...reasons,
      ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
      ...(aside === undefined ? {} : { aside }),
    }
  })
