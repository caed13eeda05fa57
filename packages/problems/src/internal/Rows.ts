/** Products with one row of a row-major matrix, without the views that a loop over samples would allocate. */

/** Inner product of `x` and the row that starts at `offset`; four accumulators, so the order of the sum is fixed. */
export const dot = (matrix: Float64Array, offset: number, x: Float64Array): number => {
  const n = x.length
  const whole = n - (n % 4)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let i = 0
  for (; i < whole; i += 4) {
    s0 += matrix[offset + i]! * x[i]!
    s1 += matrix[offset + i + 1]! * x[i + 1]!
    s2 += matrix[offset + i + 2]! * x[i + 2]!
    s3 += matrix[offset + i + 3]! * x[i + 3]!
  }
  for (; i < n; i++) s0 += matrix[offset + i]! * x[i]!
  return s0 + s1 + (s2 + s3)
}

/** `out += weight * row`, for the row that starts at `offset`. */
export const add = (weight: number, matrix: Float64Array, offset: number, out: Float64Array) => {
  for (let i = 0; i < out.length; i++) out[i]! += weight * matrix[offset + i]!
}
