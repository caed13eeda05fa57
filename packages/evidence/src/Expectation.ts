import { significant } from "@nonconvex/numerics/Decimal"
import { Schema } from "effect"
import * as Margin from "./Margin.ts"
import { largest, smallest } from "./Summary.ts"

/** Expectation of an experiment, and the observation. */
export const Expectation = Schema.Struct({
  statement: Schema.String,
  /** True if the statement holds and its control, if any, was detected. */
  holds: Schema.Boolean,
  observed: Schema.String,
  expected: Schema.String,
  /**
   * A regression check compares with an earlier run or another program. Passing shows that nothing changed; it is not
   * evidence for the paper. Absent for evidence, and in earlier results.
   */
  kind: Schema.optionalKey(Schema.Literal("regression")),
  /** Setting in which the statement must fail, with the observation there. Absent in earlier results. */
  control: Schema.optionalKey(
    Schema.Struct({ name: Schema.String, observed: Schema.String, caught: Schema.Boolean }),
  ),
  /** The statement holds in its control too, so it is not evidence. */
  toothless: Schema.optionalKey(Schema.Literal(true)),
  /** Reason why no setting makes the statement fail. */
  uncontrolled: Schema.optionalKey(Schema.String),
  /** Number of seeds for which it holds, of those for which it was evaluated, and the required number; absent for one seed. */
  seeds: Schema.optionalKey(
    Schema.Struct({ holds: Schema.Int, of: Schema.Int, least: Schema.Int }),
  ),
})
export type Expectation = typeof Expectation.Type

/**
 * A number from the table, or one for each row in the statement. With several rows it must hold for all; with none it does
 * not hold.
 */
type Observed = number | ReadonlyArray<number>

/**
 * Named setting in which the statement must fail, with its observation: rows with a number, at least one of which violates
 * it.
 */
interface Control<Seen> {
  readonly control: string
  readonly observed: Seen
}

/** The reason why no setting can violate the statement. */
interface Uncontrolled {
  readonly uncontrolled: string
}

/** Marks a comparison with a recalled or earlier number. It follows from no statement, and needs no control. */
export const regression = "regression"

/**
 * Expectation without a control: a statement that can fail, such as that all runs end, without a known setting in which it must. The
 * reason is shown next to it, and counted.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Expectation } from "@nonconvex/evidence"
 *
 * const ended = Expectation.atMost("no run fails", 0, 0, Expectation.uncontrolled("no setting makes a run fail"))
 * ended.holds // => true
 * ended.uncontrolled // => "no setting makes a run fail"
 * ```
 */
export const uncontrolled = (reason: string): Uncontrolled => ({ uncontrolled: reason })

/** Protection of an expectation against being trivially true: usually a control. */
export type Against<Seen> = Control<Seen> | Uncontrolled | typeof regression

/** Verdict on a statement, given observations. It is neither true nor violated without observations: no rows, or no numbers. */
interface Judgement {
  readonly holds: boolean
  readonly violated: boolean
  readonly observed: string
}

const nothing: Judgement = { holds: false, violated: false, observed: "no rows" }

const judged = <Seen>(
  statement: string,
  expected: string,
  judge: (seen: Seen) => Judgement,
  seen: Seen,
  against: Against<Seen>,
): Expectation => {
  const { holds, observed } = judge(seen)
  const plain = { statement, holds, observed, expected }
  if (against === regression) return { ...plain, kind: regression }
  if ("uncontrolled" in against) return { ...plain, ...against }
  const there = judge(against.observed)
  const caught = there.violated
  return {
    ...plain,
    holds: holds && caught,
    control: { name: against.control, observed: there.observed, caught },
    ...(holds && !caught && { toothless: true }),
  }
}

const ofNumbers =
  (holds: (value: number) => boolean, worst: (values: ReadonlyArray<number>) => number) =>
  (seen: Observed): Judgement => {
    const values = typeof seen === "number" ? [seen] : seen
    if (values.length === 0) return nothing
    return {
      holds: values.every(holds),
      violated: values.some((value) => !Number.isNaN(value) && !holds(value)),
      observed: significant(worst(values), 6),
    }
  }

/**
 * Expects every observation to be `expected` within a relative or absolute tolerance. Shows the value farthest from it.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Expectation } from "@nonconvex/evidence"
 *
 * const rate = Expectation.within("errors fall as n^-2", [-2.01, -1.98], -2, { absolute: 0.05 }, {
 *   control: "without the correction",
 *   observed: [-1.02],
 * })
 * rate.holds // => true
 * rate.observed // => "-1.98"
 * rate.expected // => "-2 ± 0.05"
 * ```
 */
export const within = (
  statement: string,
  observed: Observed,
  expected: number,
  tolerance: { readonly relative?: number; readonly absolute?: number },
  against: Against<Observed>,
): Expectation => {
  const allowed = (tolerance.relative ?? 0) * Math.abs(expected) + (tolerance.absolute ?? 0)
  const distance = (value: number) => Math.abs(value - expected)
  const judge = ofNumbers(
    (value) => Margin.equal(value, expected, tolerance).margin >= 0,
    (values) =>
      values.reduce((far, value) =>
        Number.isNaN(value) || distance(value) > distance(far) ? value : far,
      ),
  )
  return judged(
    statement,
    `${significant(expected, 6)} ± ${significant(allowed, 6)}`,
    judge,
    observed,
    against,
  )
}

/**
 * Expects every observation to be at most `limit`. Shows the largest value.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Expectation } from "@nonconvex/evidence"
 *
 * const loss = Expectation.atMost("every run fits", [0.002, 0.004], 0.01, { control: "rate 0", observed: 0.7 })
 * loss.holds // => true
 * loss.observed // => "0.004"
 * ```
 */
export const atMost = (
  statement: string,
  observed: Observed,
  limit: number,
  against: Against<Observed>,
): Expectation => {
  const judge = ofNumbers((value) => value <= limit, largest)
  return judged(statement, `at most ${significant(limit, 6)}`, judge, observed, against)
}

/** Expects every observation to be at least `limit`. Shows the smallest value. */
export const atLeast = (
  statement: string,
  observed: Observed,
  limit: number,
  against: Against<Observed>,
): Expectation => {
  const judge = ofNumbers((value) => value >= limit, smallest)
  return judged(statement, `at least ${significant(limit, 6)}`, judge, observed, against)
}

/** Numbers in the order in which they should increase. */
type Named = ReadonlyArray<readonly [name: string, value: number]>

/** Two or more numbers increase strictly in the order in which they are named. */
export const increasing = (
  statement: string,
  named: Named,
  against: Against<Named>,
): Expectation => {
  const judge = (seen: Named): Judgement => {
    if (seen.length === 0) return nothing
    const numbers = seen.every(([, value]) => !Number.isNaN(value))
    const rising = seen.every(([, value], i) => i === 0 || seen[i - 1]![1] < value)
    return {
      holds: seen.length > 1 && numbers && rising,
      violated: seen.length > 1 && numbers && !rising,
      observed: seen.map(([name, value]) => `${name} ${significant(value, 6)}`).join(", "),
    }
  }
  return judged(statement, named.map(([name]) => name).join(" < "), judge, named, against)
}

/** Statement about rows without a number: it must hold for every row, and there must be at least one. */
export const every = <Row>(
  statement: string,
  rows: ReadonlyArray<Row>,
  holds: (row: Row) => boolean,
  observed: (rows: ReadonlyArray<Row>) => string,
  expected: string,
  against: Against<ReadonlyArray<Row>>,
): Expectation => {
  const judge = (seen: ReadonlyArray<Row>): Judgement => {
    if (seen.length === 0) return nothing
    const all = seen.every(holds)
    return { holds: all, violated: !all, observed: observed(seen) }
  }
  return judged(statement, expected, judge, rows, against)
}

/** Truth of a statement on observations, and the value shown. */
interface Truth {
  readonly holds: boolean
  readonly observed: string
}

/** Statement without a number, about something other than rows. */
export const that = (
  statement: string,
  holds: boolean,
  observed: string,
  expected: string,
  against: Against<Truth>,
): Expectation => {
  const judge = (seen: Truth): Judgement => ({ ...seen, violated: !seen.holds })
  return judged(statement, expected, judge, { holds, observed }, against)
}

/**
 * Evaluates the expectations of a table over several seeds, matched by statement: each must hold for a given share of seeds.
 * The displayed seed need not be one of them. A comparison with an earlier number uses only that seed.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Expectation } from "@nonconvex/evidence"
 *
 * const against = Expectation.uncontrolled("an example")
 * const seeds = [0.1, 0.2, 3].map((loss) => [Expectation.atMost("the run fits", loss, 1, against)])
 * const [over] = Expectation.overSeeds(seeds[0]!, seeds, 0.6)
 * over!.holds // => true
 * over!.seeds // => { holds: 2, of: 3, least: 2 }
 * ```
 */
export const overSeeds = (
  shown: ReadonlyArray<Expectation>,
  seeds: ReadonlyArray<ReadonlyArray<Expectation>>,
  share: number,
): ReadonlyArray<Expectation> => {
  if (seeds.length < 2) return shown
  // a share of 0.9 of ten is nine, whatever its rounding
  const least = Math.ceil(share * seeds.length - 1e-9)
  return shown.map(({ toothless, ...each }) => {
    if (isRegression(each)) return { ...each, ...(toothless && { toothless }) }
    const holding = seeds.filter((all) =>
      all.some(({ holds, statement }) => holds && statement === each.statement),
    ).length
    const holds = holding >= least
    return {
      ...each,
      holds,
      ...(!holds && toothless && { toothless }),
      seeds: { holds: holding, of: seeds.length, least },
    }
  })
}

/** Tests whether an expectation compares with an earlier result, and hence is no evidence. */
export const isRegression = ({ kind }: Expectation): boolean => kind === regression

/** Outcome of an expectation: it is `toothless` where its control shows the same. */
export const outcome = ({ holds, toothless }: Expectation): "holds" | "fails" | "toothless" => {
  if (holds) return "holds"
  return toothless === true ? "toothless" : "fails"
}
