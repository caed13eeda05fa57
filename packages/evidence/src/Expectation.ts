import { Schema } from "effect"
import * as Margin from "./Margin.ts"
import { largest, smallest } from "./Summary.ts"

/** What an experiment should show, and what it showed. */
export const Expectation = Schema.Struct({
  statement: Schema.String,
  holds: Schema.Boolean,
  observed: Schema.String,
  expected: Schema.String,
  /**
   * A regression compares with a number that a run came to before, or another program: that it holds says that nothing changed, and is no
   * evidence for the paper. Absent of what is evidence, and in results of before.
   */
  kind: Schema.optionalKey(Schema.Literal("regression")),
})
export type Expectation = typeof Expectation.Type

/** A number of the table, or one of each row that the statement is about: then it must hold of all of them, and not of none. */
export type Observed = number | ReadonlyArray<number>

const noRows = "no rows"

const show = (value: number): string => String(Number(value.toPrecision(6)))

const listed = (observed: Observed): ReadonlyArray<number> =>
  typeof observed === "number" ? [observed] : observed

const expectation = (
  statement: string,
  values: ReadonlyArray<number>,
  holds: (value: number) => boolean,
  worst: (values: ReadonlyArray<number>) => number,
  expected: string,
): Expectation => ({
  statement,
  holds: values.length > 0 && values.every(holds),
  observed: values.length === 0 ? noRows : show(worst(values)),
  expected,
})

/** What is observed is `expected` within a relative or absolute tolerance. Shows the value that is farthest from it. */
export const within = (
  statement: string,
  observed: Observed,
  expected: number,
  tolerance: { readonly relative?: number; readonly absolute?: number },
): Expectation => {
  const allowed = (tolerance.relative ?? 0) * Math.abs(expected) + (tolerance.absolute ?? 0)
  const distance = (value: number) => Math.abs(value - expected)
  return expectation(
    statement,
    listed(observed),
    (value) => Margin.equal(value, expected, tolerance) >= 0,
    (values) =>
      values.reduce((far, value) =>
        Number.isNaN(value) || distance(value) > distance(far) ? value : far,
      ),
    `${show(expected)} ± ${show(allowed)}`,
  )
}

/** What is observed is at most `limit`. Shows the largest value. */
export const atMost = (statement: string, observed: Observed, limit: number): Expectation =>
  expectation(
    statement,
    listed(observed),
    (value) => value <= limit,
    largest,
    `at most ${show(limit)}`,
  )

/** What is observed is at least `limit`. Shows the smallest value. */
export const atLeast = (statement: string, observed: Observed, limit: number): Expectation =>
  expectation(
    statement,
    listed(observed),
    (value) => value >= limit,
    smallest,
    `at least ${show(limit)}`,
  )

/** The expectation as a regression: what it compares with was recalled or computed before, and follows from no statement. */
export const regression = (each: Expectation): Expectation => ({ ...each, kind: "regression" })

export const isRegression = ({ kind }: Expectation): boolean => kind === "regression"

/**
 * The statement with a control, as a claim has one: `expected` must hold, and `control`, the same of a setting in which it must fail, must
 * fail on rows that are there. Of either without rows it does not hold.
 */
export const controlled = (expected: Expectation, control: Expectation): Expectation => ({
  statement: `${expected.statement}, and not ${control.statement}`,
  holds: expected.holds && !control.holds && control.observed !== noRows,
  observed: `${expected.observed}; ${control.observed} ${control.statement}`,
  expected: `${expected.expected}; not so ${control.statement}`,
})

/** Two or more numbers increase strictly in the order in which they are named. */
export const increasing = (
  statement: string,
  named: ReadonlyArray<readonly [name: string, value: number]>,
): Expectation => ({
  statement,
  holds:
    named.length > 1 &&
    named.every(([, value], i) => !Number.isNaN(value) && (i === 0 || named[i - 1]![1] < value)),
  observed:
    named.length === 0
      ? noRows
      : named.map(([name, value]) => `${name} ${show(value)}`).join(" < "),
  expected: named.map(([name]) => name).join(" < "),
})

/** A statement that no number measures, about rows: it holds of every one of them, and not of none. */
export const every = <Row>(
  statement: string,
  rows: ReadonlyArray<Row>,
  holds: (row: Row) => boolean,
  observed: (rows: ReadonlyArray<Row>) => string,
  expected: string,
): Expectation => ({
  statement,
  holds: rows.length > 0 && rows.every(holds),
  observed: rows.length === 0 ? noRows : observed(rows),
  expected,
})

/** A statement that no number measures, about something else than rows. */
export const that = (
  statement: string,
  holds: boolean,
  observed: string,
  expected: string,
): Expectation => ({ statement, holds, observed, expected })
