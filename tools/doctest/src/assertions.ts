/** What the comments of an example assert; the compiled examples import it. */
import { deepStrictEqual } from "node:assert/strict"

/** `actual // => expected`. */
export const equal = (actual: unknown, expected: unknown): void => deepStrictEqual(actual, expected)

const isNumbers = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || ArrayBuffer.isView(value)

/** `expected`, with the numbers of `actual` in place of those that lie within the tolerance. */
const snap = (actual: unknown, expected: unknown, tolerance: number): unknown => {
  if (typeof actual === "number" && typeof expected === "number")
    return Math.abs(actual - expected) <= tolerance ? actual : expected
  if (isNumbers(actual) && isNumbers(expected))
    return Array.from(expected, (value, i) => snap(actual[i], value, tolerance))
  return expected
}

/** `actual // ≈ expected`: numbers, and arrays of them typed or not, up to `tolerance`. */
export const close = (actual: unknown, expected: unknown, tolerance: number): void =>
  deepStrictEqual(
    isNumbers(actual) ? Array.from(actual) : actual,
    snap(actual, expected, tolerance),
  )
