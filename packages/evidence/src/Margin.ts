/**
 * Margins: how far an instance is from violating a claim. Zero or more holds, less does not, and NaN measures nothing.
 *
 * The unit is the tolerance (for `equal`) or the bound itself (for inequalities), so that 1 is wide and 0 the edge. The sign
 * is exact: a margin is below zero just where the inequality, evaluated in float64, is false. Two infinities on the same side
 * of an inequality give NaN, for what overflowed was not compared.
 */

import { isHeard, tell } from "./Witness.ts"

/** `gap / unit`, at most 1; the sign is that of `gap`, which subtraction gets right even where the quotient rounds. */
const fraction = (gap: number, unit: number): number => {
  if (gap === 0) return unit === 0 ? 1 : 0
  if (Math.abs(gap) === Number.POSITIVE_INFINITY) return gap > 0 ? 1 : gap
  return Math.min(1, gap / unit)
}

/** Two numbers that a margin compared, and what was asked of them. */
export interface Compared {
  readonly relation: "at most" | "at least" | "equal"
  readonly actual: number
  /** With the slack that it is given; of an equality, the expected number. */
  readonly bound: number
  /** Of an equality: how far apart the two may be. */
  readonly tolerance?: number
}

/** The comparison that has come out worst since the watch began; none is kept while nobody watches. */
const watch = { isOn: false, worst: Infinity, at: undefined as Compared | undefined }

const comparing = (
  relation: Compared["relation"],
  actual: number,
  bound: number,
  tolerance?: number,
): Compared => ({ relation, actual, bound, ...(tolerance === undefined ? {} : { tolerance }) })

const noted = (
  margin: number,
  relation: Compared["relation"],
  actual: number,
  bound: number,
  tolerance?: number,
): number => {
  if (watch.isOn && !(margin >= watch.worst) && !Number.isNaN(watch.worst)) {
    watch.worst = margin
    watch.at = comparing(relation, actual, bound, tolerance)
  }
  if (isHeard())
    tell({ _tag: "Asked", compared: comparing(relation, actual, bound, tolerance), margin })
  return margin
}

/**
 * A margin, and the comparison that it is of, where one decides it.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Margin } from "@nonconvex/evidence"
 *
 * Margin.watched(() => Margin.atMost(3, 4)).margin // => 0.25
 * ```
 */
export const watched = (
  measure: () => number,
): { readonly margin: number; readonly compared?: Compared } => {
  const outer = { ...watch }
  Object.assign(watch, { isOn: true, worst: Infinity, at: undefined })
  try {
    const margin = measure()
    return watch.at !== undefined && Object.is(watch.worst, margin)
      ? { margin, compared: watch.at }
      : { margin }
  } finally {
    Object.assign(watch, outer)
  }
}

/**
 * Margin of `|actual - expected| <= absolute + relative |expected|`, in tolerances: 1 for equal, 0 at the tolerance.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Margin } from "@nonconvex/evidence"
 *
 * Margin.equal(1.001, 1, { absolute: 0.002 }) // ≈ 0.5000
 * ```
 */
export const equal = (
  actual: number,
  expected: number,
  tolerance: { readonly relative?: number; readonly absolute?: number },
): number => {
  const allowed = (tolerance.absolute ?? 0) + (tolerance.relative ?? 0) * Math.abs(expected)
  return noted(closeness(actual, expected, allowed), "equal", actual, expected, allowed)
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
 * Margin.atMost(3, 4) // => 0.25
 * ```
 */
export const atMost = (actual: number, bound: number, slack = 0): number => {
  const most = bound * (1 + slack * Math.sign(bound))
  return noted(fraction(most - actual, Math.abs(bound)), "at most", actual, most)
}

/**
 * Margin of `actual >= bound - slack |bound|` in units of `actual` where that is positive, else of the bound.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Margin } from "@nonconvex/evidence"
 *
 * Margin.atLeast(4, 3) // => 0.25
 * ```
 */
export const atLeast = (actual: number, bound: number, slack = 0): number => {
  const least = bound * (1 - slack * Math.sign(bound))
  const margin = fraction(actual - least, actual > 0 ? actual : Math.abs(least))
  return noted(margin, "at least", actual, least)
}

/**
 * A statement with no distance to measure: 1 where it holds, -1 where it does not.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Margin } from "@nonconvex/evidence"
 *
 * Margin.holds(2 > 3) // => -1
 * ```
 */
export const holds = (statement: boolean): number => (statement ? 1 : -1)

/**
 * The smallest of several margins; NaN where any of them is NaN, Infinity of none.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Margin } from "@nonconvex/evidence"
 *
 * Margin.all(0.5, 1, 0.25) // => 0.25
 * ```
 */
export const all = (...margins: ReadonlyArray<number>): number => Math.min(...margins)

/**
 * Less than zero, or NaN.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Margin } from "@nonconvex/evidence"
 *
 * Margin.isViolated(-0.1) // => true
 * ```
 */
export const isViolated = (margin: number): boolean => !(margin >= 0)
