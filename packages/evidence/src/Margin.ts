/**
 * Margins: how far an instance is from violating a claim. Zero or more holds, less is a violation, NaN is a violation.
 *
 * The unit is the tolerance (for `equal`) or the bound itself (for inequalities), so that 1 is a wide margin and 0 the edge.
 */

/** Margin of `|actual - expected| <= absolute + relative |expected|`, in tolerances: 1 for equal, 0 at the tolerance. */
export const equal = (
  actual: number,
  expected: number,
  tolerance: { readonly relative?: number; readonly absolute?: number },
): number => {
  if (Object.is(actual, expected)) return 1
  const allowed = (tolerance.absolute ?? 0) + (tolerance.relative ?? 0) * Math.abs(expected)
  const error = Math.abs(actual - expected)
  return error === 0 ? 1 : 1 - error / allowed
}

/** Margin of `actual <= bound (1 + slack)` as a fraction of a positive bound: 1 at zero, 0 at the bound. */
export const atMost = (actual: number, bound: number, slack = 0): number =>
  actual <= 0 && bound >= 0 ? 1 : 1 + slack - actual / bound

/** Margin of `actual >= bound (1 - slack)` for positive numbers, as a fraction of `actual`. */
export const atLeast = (actual: number, bound: number, slack = 0): number =>
  bound <= 0 && actual >= bound ? 1 : 1 - (bound * (1 - slack)) / actual

/** A statement with no distance to measure: 1 where it holds, -1 where it does not. */
export const holds = (statement: boolean): number => (statement ? 1 : -1)

/** The smallest of several margins; NaN where any of them is NaN. */
export const all = (...margins: ReadonlyArray<number>): number => Math.min(...margins)

/** NaN and infinite distances are violations. */
export const isViolated = (margin: number): boolean => !(margin >= 0)
