/** Building blocks of approximations of special functions. */
import * as Elementary from "../Elementary.ts"

/** Horner's rule, coefficients from the constant term on. */
export const polynomial = (x: number, coefficients: ReadonlyArray<number>): number => {
  let value = 0
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + coefficients[i]!
  return value
}

/**
 * exp(factor x^2 + shift) for |x| < 3e38, with the square split so that its rounding does not matter. x^2 can be 700, where one
 * ulp of it is 1e-13 of the result.
 */
export const expOfSquare = (factor: number, x: number, shift = 0): number => {
  const head = Math.fround(x)
  return (
    Elementary.exp(factor * head * head) * Elementary.exp(factor * (x - head) * (x + head) + shift)
  )
}
