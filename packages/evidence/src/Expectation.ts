import { Schema } from "effect"
import * as Margin from "./Margin.ts"

/** What an experiment should show, and what it showed. */
export const Expectation = Schema.Struct({
  statement: Schema.String,
  holds: Schema.Boolean,
  observed: Schema.String,
  expected: Schema.String,
})
export type Expectation = typeof Expectation.Type

const show = (value: number): string => String(Number(value.toPrecision(6)))

/** `actual` is `expected` within a relative or absolute tolerance. */
export const within = (
  statement: string,
  actual: number,
  expected: number,
  tolerance: { readonly relative?: number; readonly absolute?: number },
): Expectation => {
  const allowed = (tolerance.relative ?? 0) * Math.abs(expected) + (tolerance.absolute ?? 0)
  return {
    statement,
    holds: Margin.equal(actual, expected, tolerance) >= 0,
    observed: show(actual),
    expected: `${show(expected)} ± ${show(allowed)}`,
  }
}

/** `actual` is at most `limit`. */
export const atMost = (statement: string, actual: number, limit: number): Expectation => ({
  statement,
  holds: actual <= limit,
  observed: show(actual),
  expected: `at most ${show(limit)}`,
})

/** `actual` is at least `limit`. */
export const atLeast = (statement: string, actual: number, limit: number): Expectation => ({
  statement,
  holds: actual >= limit,
  observed: show(actual),
  expected: `at least ${show(limit)}`,
})

/** The numbers increase strictly in the order in which they are named. */
export const increasing = (
  statement: string,
  named: ReadonlyArray<readonly [name: string, value: number]>,
): Expectation => ({
  statement,
  holds: named.every(([, value], i) => i === 0 || named[i - 1]![1] < value),
  observed: named.map(([name, value]) => `${name} ${show(value)}`).join(" < "),
  expected: named.map(([name]) => name).join(" < "),
})

/** A statement that no number measures. */
export const that = (
  statement: string,
  holds: boolean,
  observed: string,
  expected: string,
): Expectation => ({ statement, holds, observed, expected })
