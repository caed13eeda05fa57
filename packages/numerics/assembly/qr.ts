/**
 * A = Q R by Householder reflections H = I - tau v v^T, v_0 = 1, row-major and in place: R on and above the diagonal, v below.
 *
 * Q = H_0 H_1 ...; tau is 0 where there is nothing to eliminate. As LAPACK's dgeqr2, with the products by rows.
 */
import { bytes } from "./simd"
import { addRow, multiplyTransposed } from "./gemv"
import { maxAbs, norm } from "./vector"

/** B -= tau v (v^T B) for B count x columns; `w` holds columns elements. */
function reflect(count: i32, columns: i32, tau: f64, v: usize, b: usize, ldb: i32, w: usize): void {
  if (tau == 0 || columns == 0) return
  multiplyTransposed<f64>(count, columns, 1, b, ldb, v, 0, w)
  for (let i = 0; i < count; i++) {
    addRow<f64>(columns, -(tau * load<f64>(v)), w, b)
    v += 8
    b += bytes<f64>(ldb)
  }
}

/** Copies the column of a reflection into `v`, with 1 in front. */
@inline
function gather(count: i32, a: usize, lda: i32, v: usize): void {
  store<f64>(v, 1)
  for (let i = 1; i < count; i++) store<f64>(v + bytes<f64>(i), load<f64>(a + <usize>i * bytes<f64>(lda)))
}

/** `work` holds m + n elements, `tau` min(m, n). */
export function qr(m: i32, n: i32, a: usize, tau: usize, work: usize): void {
  const w = work + bytes<f64>(m)
  for (let k = 0; k < min(m, n); k++) {
    const at = a + bytes<f64>(k * n + k)
    const count = m - k
    const alpha = load<f64>(at)
    gather(count, at, n, work)
    store<f64>(work, alpha)
    const length = norm(count, work)
    let t: f64 = 0
    // The length alone does not tell: it is |alpha| also where the rest is 1e-8 of that.
    if (length != abs(alpha) || maxAbs(count - 1, work + 8) != 0) {
      const beta = alpha < 0 ? length : -length
      t = (beta - alpha) / beta
      const by = alpha - beta
      for (let i = 1; i < count; i++) {
        const value = load<f64>(work + bytes<f64>(i)) / by
        store<f64>(work + bytes<f64>(i), value)
        store<f64>(at + <usize>i * bytes<f64>(n), value)
      }
      store<f64>(work, 1)
      store<f64>(at, beta)
      reflect(count, n - k - 1, t, work, at + 8, n, w)
    }
    store<f64>(tau + bytes<f64>(k), t)
  }
}

/** B = Q B, or Q^T B, for B m x columns; `work` holds m + columns elements. */
export function multiplyQ(transpose: bool, m: i32, n: i32, a: usize, tau: usize, columns: i32, b: usize, work: usize): void {
  const count = min(m, n)
  for (let j = 0; j < count; j++) {
    const k = transpose ? j : count - 1 - j
    gather(m - k, a + bytes<f64>(k * n + k), n, work)
    reflect(m - k, columns, load<f64>(tau + bytes<f64>(k)), work, b + <usize>k * bytes<f64>(columns), columns, work + bytes<f64>(m))
  }
}
