/**
 * Margins: how far an instance is from violating a claim. Zero or more holds, less does not, and NaN measures nothing.
 *
 * The unit is the tolerance (for `equal`) or the bound itself (for inequalities), so that 1 is wide and 0 the edge. The sign
 * is exact: a margin is below zero just where the inequality, evaluated in float64, is false. Two infinities on the same side
 * of an inequality give NaN, for what overflowed was not compared.
 */

/** `gap / unit`, at most 1; the sign is that of `gap`, which subtraction gets right even where the quotient rounds. */
const fraction = (gap: number, unit: number): number => {
  if (gap === 0) return unit === 0 ? 1 : 0
  if (Math.abs(gap) === Number.POSITIVE_INFINITY) return gap > 0 ? 1 : gap
  return Math.min(1, gap / unit)
}

/** Margin of `|actual - expected| <= absolute + relative |expected|`, in tolerances: 1 for equal, 0 at the tolerance. */
export const equal = (
  actual: number,
  expected: number,
  tolerance: { readonly relative?: number; readonly absolute?: number },
): number => {
  if (actual === expected) return 1
  const error = Math.abs(actual - expected)
  if (error === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY
  const allowed = (tolerance.absolute ?? 0) + (tolerance.relative ?? 0) * Math.abs(expected)
  return fraction(allowed - error, allowed)
}

/** Margin of `actual <= bound + slack |bound|` in units of `|bound|`: 1 at zero for a positive bound, 0 at the edge. */
export const atMost = (actual: number, bound: number, slack = 0): number =>
  fraction(bound * (1 + slack * Math.sign(bound)) - actual, Math.abs(bound))

/** Margin of `actual >= bound - slack |bound|` in units of `actual` where that is positive, else of the bound. */
export const atLeast = (actual: number, bound: number, slack = 0): number => {
  const least = bound * (1 - slack * Math.sign(bound))
  return fraction(actual - least, actual > 0 ? actual : Math.abs(least))
}

/** A statement with no distance to measure: 1 where it holds, -1 where it does not. */
export const holds = (statement: boolean): number => (statement ? 1 : -1)

/** The smallest of several margins; NaN where any of them is NaN, Infinity of none. */
export const all = (...margins: ReadonlyArray<number>): number => Math.min(...margins)

/** Less than zero, or NaN. */
export const isViolated = (margin: number): boolean => !(margin >= 0)
