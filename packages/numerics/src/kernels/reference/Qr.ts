/** Householder QR in place: the twin of `assembly/qr.ts`. */
import * as Vector from "../../Vector.ts"

/** B -= tau v (v^T B) on the columns from `first` on of the rows from `top` on of B (row stride `stride`). */
const reflect = (
  tau: number,
  v: Float64Array,
  b: Float64Array,
  top: number,
  first: number,
  stride: number,
) => {
  const columns = stride - first
  if (tau === 0 || columns === 0) return
  const w = new Float64Array(columns)
  for (let i = 0; i < v.length; i++) {
    const from = (top + i) * stride + first
    Vector.axpy(v[i]!, b.subarray(from, from + columns), w)
  }
  for (let i = 0; i < v.length; i++) {
    const from = (top + i) * stride + first
    Vector.axpy(-(tau * v[i]!), w, b.subarray(from, from + columns))
  }
}

/** The vector of reflection k, with 1 in front. */
const gather = (m: number, n: number, a: Float64Array, k: number): Float64Array => {
  const v = new Float64Array(m - k)
  v[0] = 1
  for (let i = 1; i < v.length; i++) v[i] = a[(k + i) * n + k]!
  return v
}

export const qr = (m: number, n: number, a: Float64Array, tau: Float64Array): void => {
  for (let k = 0; k < Math.min(m, n); k++) {
    const at = k * n + k
    const alpha = a[at]!
    const v = gather(m, n, a, k)
    v[0] = alpha
    const length = Vector.norm(v)
    tau[k] = 0
    // The length alone does not tell: it is |alpha| also where the rest is 1e-8 of that.
    if (length === Math.abs(alpha) && Vector.maxAbs(v.subarray(1)) === 0) continue
    const beta = alpha < 0 ? length : -length
    tau[k] = (beta - alpha) / beta
    for (let i = 1; i < v.length; i++) a[(k + i) * n + k] = v[i] = v[i]! / (alpha - beta)
    v[0] = 1
    a[at] = beta
    reflect(tau[k]!, v, a, k, k + 1, n)
  }
}

/** B = Q B, or Q^T B, for B m x columns. */
export const multiplyQ = (
  transpose: boolean,
  m: number,
  n: number,
  a: Float64Array,
  tau: Float64Array,
  columns: number,
  b: Float64Array,
): void => {
  const count = Math.min(m, n)
  for (let j = 0; j < count; j++) {
    const k = transpose ? j : count - 1 - j
    reflect(tau[k]!, gather(m, n, a, k), b, k, 0, columns)
  }
}
