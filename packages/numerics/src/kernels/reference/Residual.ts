/** Residuals and the gradient of their squares: the twin of `assembly/residual.ts`. */
import * as Vector from "../../Vector.ts"

/** Returns -1, or the first row that does not exist. */
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
  out.fill(0)
  for (let k = 0; k < residual.length; k++) {
    const row = (rows === undefined ? k : rows[k]!) * n
    const value = Vector.dotAt(a, row, x) - targets[k]!
    residual[k] = value
    const coefficient = alpha * value
    for (let i = 0; i < n; i++) out[i] = out[i]! + coefficient * a[row + i]!
  }
  return -1
}
