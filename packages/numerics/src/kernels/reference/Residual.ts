/** Residuals and the gradient of their squares: the twin of `assembly/residual.ts`. Returns -1, or the first row that is not there. */
export const residualGradient = (
  m: number,
  n: number,
  a: Float64Array,
  rows: Uint32Array | undefined,
  x: Float64Array,
  targets: Float64Array,
  alpha: number,
  residual: Float64Array,
  out: Float64Array,
): number => {
  const listed = rows === undefined ? 0 : rows.length
  for (let k = 0; k < listed; k++) if (rows![k]! >= m) return k
  const whole = n - (n % 4)
  out.fill(0)
  for (let k = 0; k < residual.length; k++) {
    const row = (rows === undefined ? k : rows[k]!) * n
    let s0 = 0
    let s1 = 0
    let s2 = 0
    let s3 = 0
    let j = 0
    for (; j < whole; j += 4) {
      s0 += a[row + j]! * x[j]!
      s1 += a[row + j + 1]! * x[j + 1]!
      s2 += a[row + j + 2]! * x[j + 2]!
      s3 += a[row + j + 3]! * x[j + 3]!
    }
    if (j < n) s0 += a[row + j]! * x[j]!
    if (j + 1 < n) s1 += a[row + j + 1]! * x[j + 1]!
    if (j + 2 < n) s2 += a[row + j + 2]! * x[j + 2]!
    const value = s0 + s1 + (s2 + s3) - targets[k]!
    residual[k] = value
    const coefficient = alpha * value
    for (let i = 0; i < n; i++) out[i] = out[i]! + coefficient * a[row + i]!
  }
  return -1
}
