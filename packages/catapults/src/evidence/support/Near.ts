import { Margin } from "@nonconvex/evidence"

/** Margin of equality within `tolerance` times the larger of 1 and the expected number. */
export const near = (actual: number, expected: number, tolerance: number): Margin.Comparison =>
  Margin.equal(actual, expected, { absolute: tolerance * Math.max(1, Math.abs(expected)) })

/** The largest absolute value of an element, and `least` where that is larger. */
export const largest = (v: Float64Array, least: number): number =>
  v.reduce((most, value) => Math.max(most, Math.abs(value)), least)

/** Margin of equality of vectors, each element within `tolerance`. */
export const within = (actual: Float64Array, expected: Float64Array, tolerance: number) => {
  let margin = Margin.holds(actual.length === expected.length)
  for (let i = 0; i < expected.length; i++) {
    margin = Margin.all(margin, Margin.equal(actual[i]!, expected[i]!, { absolute: tolerance }))
  }
  return margin
}

/**
 * Margin of equality of vectors, within `tolerance` times the larger of `least` and the largest expected element; suits
 * vectors with cancellation.
 */
export const nearVector = (
  actual: Float64Array,
  expected: Float64Array,
  tolerance: number,
  least = 1,
) => within(actual, expected, tolerance * largest(expected, least))
