/** The inner product of b and as many numbers of `a` from `from` on, such as a row of a matrix; NaN where `a` ends before. */
export const dotAt = (a: Float64Array, from: number, b: Float64Array): number => {
  const n = b.length
  const whole = n - (n % 4)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let i = 0
  for (; i < whole; i += 4) {
    s0 += a[from + i]! * b[i]!
    s1 += a[from + i + 1]! * b[i + 1]!
    s2 += a[from + i + 2]! * b[i + 2]!
    s3 += a[from + i + 3]! * b[i + 3]!
  }
  if (i < n) s0 += a[from + i]! * b[i]!
  if (i + 1 < n) s1 += a[from + i + 1]! * b[i + 1]!
  if (i + 2 < n) s2 += a[from + i + 2]! * b[i + 2]!
  return s0 + s1 + (s2 + s3)
}
