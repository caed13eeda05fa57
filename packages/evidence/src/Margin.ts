/**
 * Margins: how far an instance is from violating a claim. A nonnegative margin holds, a negative one does not, and NaN
 * measures nothing.
 *
 * The unit is the tolerance (for `equal`) or the bound itself (for inequalities), so 1 is wide and 0 is the edge. The sign
 * is exact: a margin is negative exactly if the inequality, evaluated in float64, is false. Two infinities on the same side
 * of an inequality give NaN: overflows are not comparable.
 */

import type { Trace } from "./Recorder.ts"

export type { Run } from "./Recorder.ts"

/**
 * `gap / unit`, at most 1; the sign is that of `gap`, which subtraction computes correctly even if the quotient rounds to 0.
 */
const fraction = (gap: number, unit: number): number => {
  if (gap === 0) return unit === 0 ? 1 : 0
  if (Math.abs(gap) === Number.POSITIVE_INFINITY) return gap > 0 ? 1 : gap
  return Math.min(1, gap / unit)
}

/** Two numbers that a margin compared, and the required relation. */
export interface Compared {
  readonly relation: "at most" | "at least" | "equal"
  readonly actual: number
  /** Including the given slack; for an equality, the expected number. */
  readonly bound: number
  /** Tolerance of an equality. */
  readonly tolerance?: number
  /** Name of what `actual` measures, without an article: `distance after two steps`. */
  readonly quantity?: string
}

/** Margin of a statement, with the two sides of its comparison. */
export interface Comparison {
  /** At least 0 where the statement holds. */
  readonly margin: number
  /** Absent for a statement without a distance. */
  readonly compared?: Compared
  /** All comparisons of which this is the worst. */
  readonly among?: ReadonlyArray<Comparison>
  /** Runs of the methods of the subject; present after a replay that records them. */
  readonly trace?: Trace
}

/**
 * Margin of `|actual - expected| <= absolute + relative |expected|`, in tolerances: 1 for equal, 0 at the tolerance.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Margin } from "@nonconvex/evidence"
 *
 * Margin.equal(1.001, 1, { absolute: 0.002 }).margin // ≈ 0.5000
 * ```
 */
export const equal = (
  actual: number,
  expected: number,
  tolerance: { readonly relative?: number; readonly absolute?: number },
): Comparison => {
  const allowed = (tolerance.absolute ?? 0) + (tolerance.relative ?? 0) * Math.abs(expected)
  return {
    margin: closeness(actual, expected, allowed),
    compared: { relation: "equal", actual, bound: expected, tolerance: allowed },
  }
}

const closeness = (actual: number, expected: number, allowed: number): number => {
  if (actual === expected) return 1
  const error = Math.abs(actual - expected)
  return error === Number.POSITIVE_INFINITY
    ? Number.NEGATIVE_INFINITY
    : fraction(allowed - error, allowed)
}

/**
 * Margin of `actual <= bound + slack |bound|` in units of `|bound|`: 1 at zero for a positive bound, 0 at the edge.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Margin } from "@nonconvex/evidence"
 *
 * Margin.atMost(3, 4) // => { margin: 0.25, compared: { relation: "at most", actual: 3, bound: 4 } }
 * ```
 */
export const atMost = (actual: number, bound: number, slack = 0): Comparison => {
  const most = bound * (1 + slack * Math.sign(bound))
  return {
    margin: fraction(most - actual, Math.abs(bound)),
    compared: { relation: "at most", actual, bound: most },
  }
}

/** Margin of `actual >= bound - slack |bound|` in units of `actual` where that is positive, else of the bound. */
export const atLeast = (actual: number, bound: number, slack = 0): Comparison => {
  const least = bound * (1 - slack * Math.sign(bound))
  return {
    margin: fraction(actual - least, actual > 0 ? actual : Math.abs(least)),
    compared: { relation: "at least", actual, bound: least },
  }
}

/**
 * The comparison with the name of what it compares, for readers.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Margin } from "@nonconvex/evidence"
 * import * as Instance from "@nonconvex/evidence/Instance"
 *
 * const { compared } = Margin.of("distance", Margin.atLeast(3, 2))
 * Instance.comparison(compared!) // => "the distance, 3, exceeds the required 2"
 * ```
 */
export const of = (quantity: string, comparison: Comparison): Comparison =>
  comparison.compared === undefined
    ? comparison
    : { ...comparison, compared: { ...comparison.compared, quantity } }

/** Margin of a statement without a distance: 1 if it holds, -1 if not. */
export const holds = (statement: boolean): Comparison => ({ margin: statement ? 1 : -1 })

/**
 * Tests whether margin `a` takes precedence over `b`: it is NaN or smaller. Among equal ones, the first with two sides does.
 */
const decides = (a: Comparison, b: Comparison): boolean =>
  Number.isNaN(b.margin)
    ? false
    : Number.isNaN(a.margin) ||
      a.margin < b.margin ||
      (a.margin === b.margin && b.compared === undefined && a.compared !== undefined)

/**
 * Worst of several comparisons: the first with margin NaN, otherwise the one with the smallest margin; infinite for none.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Margin } from "@nonconvex/evidence"
 *
 * const both = Margin.all(Margin.atMost(3, 4), Margin.holds(true))
 * both.margin // => 0.25
 * both.compared // => { relation: "at most", actual: 3, bound: 4 }
 * ```
 */
export const all = (...among: ReadonlyArray<Comparison>): Comparison => {
  const [first, ...others] = among
  if (first === undefined) return { margin: Number.POSITIVE_INFINITY }
  let worst = first
  for (const each of others) if (decides(each, worst)) worst = each
  return { ...worst, among }
}

/** Best of several comparisons, if one of them suffices; NaN if any margin is, minus infinity for none. */
export const any = (...among: ReadonlyArray<Comparison>): Comparison => {
  let best: Comparison = { margin: Number.NEGATIVE_INFINITY }
  for (const each of among) {
    if (Number.isNaN(each.margin)) return { ...each, among }
    if (each.margin > best.margin) best = each
  }
  return { ...best, among }
}

/** Less than zero, or NaN. */
export const isViolated = (margin: number): boolean => !(margin >= 0)
