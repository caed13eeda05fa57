/** Scaling of matrices before their eigenvalues are computed, and of the eigenvalues after it. */
import { invalid } from "../InvalidInput.ts"
import * as Require from "../Require.ts"
import * as Vector from "../Vector.ts"

/**
 * The largest |a_i|. Throws InvalidInput, which names the place, where an entry is not finite.
 */
export const finiteMaxAbs = (operation: string, name: string, a: Float64Array): number => {
  const largest = Vector.maxAbs(a)
  if (!(largest < Infinity)) Require.allFinite(operation, name, a)
  return largest
}

/**
 * Like finiteMaxAbs, for only the lower triangle of the row-major n x n matrix `a`, without its diagonal if `isStrict`. The
 * rest is never read.
 */
export const finiteMaxAbsLower = (
  operation: string,
  name: string,
  a: Float64Array,
  n: number,
  isStrict = false,
): number => {
  let largest = 0
  for (let i = 0; i < n; i++) {
    const end = i * n + (isStrict ? i : i + 1)
    for (let at = i * n; at < end; at++) {
      const value = Math.abs(a[at]!)
      if (!(value < Infinity)) {
        invalid(operation, `every element of the lower triangle of ${name} must be finite`, {
          index: at,
          [`${name}[${at}]`]: a[at]!,
        })
      }
      if (value > largest) largest = value
    }
  }
  return largest
}

/**
 * Copies the lower triangle of the row-major n x n matrix `a`, divided by `scale`; leaves the rest of `out` alone.
 */
export const loadLower = (a: Float64Array, n: number, scale: number, out: Float64Array): void => {
  const factor = 1 / scale
  for (let i = 0; i < n; i++) {
    for (let j = i * n; j <= i * n + i; j++) out[j] = a[j]! * factor
  }
}

/**
 * A fresh array of the values times `scale`, ascending; made for values that are nearly in order.
 */
export const ascending = (values: Float64Array, scale: number): Float64Array => {
  const n = values.length
  const out = new Float64Array(n)
  for (let i = 0; i < n; i++) out[i] = values[i]! * scale
  return n > insertionLimit ? out.toSorted() : insertionSort(out)
}

/** Length above which the engine's sort is faster. */
const insertionLimit = 64

const insertionSort = (values: Float64Array): Float64Array => {
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!
    let j = i - 1
    for (; j >= 0 && values[j]! > value; j--) values[j + 1] = values[j]!
    values[j + 1] = value
  }
  return values
}
