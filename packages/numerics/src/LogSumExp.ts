/** Sums of exponentials in the log domain. */
import * as Elementary from "./Elementary.ts"

/** log sum exp(a_i) without overflow; -Infinity for length 0, NaN if any element is NaN. */
export const logSumExp = (a: Float64Array): number => {
  let at = 0
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== a[i]) return NaN
    if (a[i]! > a[at]!) at = i
  }
  if (a.length === 0) return -Infinity
  const largest = a[at]!
  if (!Number.isFinite(largest)) return largest
  // The largest term is exactly 1: log1p of the others keeps the digits where they are small.
  let others = 0
  for (let i = 0; i < a.length; i++) if (i !== at) others += Elementary.exp(a[i]! - largest)
  return largest + Elementary.log1p(others)
}
