/** Judgement on the expectations of a study, from its rows. */
import type { Row } from "@nonconvex/evidence/Experiment"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Schema } from "effect"
import * as Student from "../../statistics/Student.ts"
import * as Comparison from "../runs/Comparison.ts"
import * as Metric from "../runs/Metric.ts"
import { type Expectation, Outcome, type Registered, type Side } from "./Registered.ts"

/** A mean over seeds with its 95 % interval. */
export const Mean = Schema.Struct({
  count: Schema.Int,
  mean: Schema.Number,
  low: Schema.Number,
  high: Schema.Number,
})
export type Mean = typeof Mean.Type

/** One expectation, judged. */
export const Judged = Schema.Struct({
  statement: Schema.String,
  /** The finding in words. */
  finding: Schema.String,
  outcome: Outcome,
  /** The seeds that have a number on both sides, and all seeds. */
  pairs: Schema.Int,
  seeds: Schema.Int,
  of: Schema.Struct({ label: Schema.String, ...Mean.fields }),
  against: Schema.Struct({ label: Schema.String, ...Mean.fields }),
  /** A difference, or a ratio: then of the mean logarithms. */
  effect: Schema.Struct({ kind: Schema.Literals(["difference", "ratio"]), ...Mean.fields }),
  /** Threshold of the effect: `above 0`. */
  asked: Schema.String,
  /** Reason, beside chance, why it is undecided. */
  note: Schema.optionalKey(Schema.String),
})
export type Judged = typeof Judged.Type

/** Headline of a study: the finding of its first expectation, and the first contradicted one. */
export const headline = (judged: ReadonlyArray<Judged>): ReadonlyArray<Judged> => {
  const against = judged.filter(({ outcome }) => outcome === "contradicted")
  return [...new Set([...judged.slice(0, 1), ...against.slice(0, 1)])]
}

/** Rows with the seed that each is of, and the settings that vary. */
export type Rows = ReadonlyArray<Row>

/** The rows of each seed, in the order in which the seeds appear. */
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

/** A clause about rows. Throws `BadExpression` on what is none. */
export const clause = (text: string | undefined): ReadonlyArray<Comparison.Comparison> => {
  if (text === undefined) return []
  try {
    return Comparison.conjunction(Comparison.tokens(text))
  } catch (cause) {
    if (!(cause instanceof Comparison.Refusal)) throw cause
    throw new Comparison.BadExpression({ flag: "where", text, reason: cause.message })
  }
}

export const fitting = (rows: Rows, where: ReadonlyArray<Comparison.Comparison>): Rows =>
  where.length === 0
    ? rows
    : rows.filter((row) =>
        where.every((each) => {
          const value = row[each.field]
          return value !== undefined && Comparison.fits(value, each)
        }),
      )

/** A row without a finite number is not within any distance of the best. */
const share = (side: Exclude<Side, string>, rows: Rows): number => {
  const valuesOf = (some: Rows) => some.map((row) => Number(row[side.share] ?? Number.NaN))
  const among = valuesOf(fitting(rows, clause(side.where)))
  const finite = valuesOf(fitting(rows, clause(side.best))).filter(Number.isFinite)
  if (among.length === 0 || finite.length === 0) return Number.NaN
  const bar = finite.reduce((best, value) => Math.max(best, value)) - side.within
  return among.filter((value) => value >= bar).length / among.length
}

/** The number of a side in the rows of one seed; NaN where there is none. Throws `BadExpression`. */
export const valueOf = (side: Side, rows: Rows): number =>
  typeof side === "string" ? Metric.evaluate(Metric.parse(side), rows).value : share(side, rows)

const exponential = ({ high, low, mean, ...rest }: Student.Difference) => ({
  ...rest,
  mean: Elementary.exp(mean),
  low: Elementary.exp(low),
  high: Elementary.exp(high),
})

/** Decides whether an interval lies on the expected side, on the other, or on both. */
const decide = (
  { direction, effect, threshold }: Expectation,
  { high, low }: Student.Interval,
): Outcome => {
  // a ratio is as far from 1 by a factor as by its inverse
  const [least, most] =
    direction !== "within"
      ? [threshold, threshold]
      : effect === "ratio"
        ? [1 / threshold, threshold]
        : [-threshold, threshold]
  if (direction === "more")
    return low > most ? "supported" : high < most ? "contradicted" : "undecided"
  if (direction === "less") {
    return high < least ? "supported" : low > least ? "contradicted" : "undecided"
  }
  if (low > least && high < most) return "supported"
  return high < least || low > most ? "contradicted" : "undecided"
}

const asked = ({ direction, effect, threshold }: Expectation): string => {
  if (direction === "more") return `above ${threshold}`
  if (direction === "less") return `below ${threshold}`
  return effect === "ratio"
    ? `between ${1 / threshold} and ${threshold}`
    : `between ${-threshold} and ${threshold}`
}

/** Judges one expectation. Throws `BadExpression` where the rows do not have what it names. */
const judge = (expectation: Expectation, seeds: ReadonlyArray<Rows>): Judged => {
  const { against, effect, of, statement, words } = expectation
  const first = seeds.map((rows) => valueOf(of.metric, rows))
  const second = seeds.map((rows) =>
    "value" in against ? against.value : valueOf(against.metric, rows),
  )
  const isRatio = effect === "ratio"
  const isPair = (at: number) =>
    [first[at]!, second[at]!].every((value) => Number.isFinite(value) && (!isRatio || value > 0))
  const places = seeds.flatMap((_, at) => (isPair(at) ? [at] : []))
  const scaled = (values: ReadonlyArray<number>) =>
    places.map((at) => (isRatio ? Elementary.log(values[at]!) : values[at]!))
  const difference = Student.paired(scaled(second), scaled(first))
  const found = isRatio ? exponential(difference) : difference
  const isWhole = places.length === seeds.length && seeds.length > 1
  const outcome = isWhole ? decide(expectation, found) : "undecided"
  const meanOf = (label: string, values: ReadonlyArray<number>) => {
    const { count, high, low, mean } = Student.sample(values.filter(Number.isFinite))
    return { label, count, mean, low, high }
  }
  const { high, low, mean } = found
  return {
    statement,
    finding: words[outcome],
    outcome,
    pairs: places.length,
    seeds: seeds.length,
    of: meanOf(of.label, first),
    against: meanOf(against.label, second),
    effect: { kind: effect, count: places.length, mean, low, high },
    asked: asked(expectation),
    ...(isWhole
      ? {}
      : {
          note: `${seeds.length - places.length} of ${seeds.length} seeds have no number on both sides`,
        }),
  }
}

/** Judges what was registered, in its order. Throws `BadExpression` where the rows do not have what it names. */
export const judgeAll = ({ expectations }: Registered, rows: Rows): ReadonlyArray<Judged> => {
  const seeds = [...bySeed(rows).values()]
  return expectations.map((each) => judge(each, seeds))
}
