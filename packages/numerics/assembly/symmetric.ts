/** Updates of rank one and k. Symmetric results have both triangles; only the lower one is read. */
import { bytes } from "./simd"
import { gemm } from "./gemm"
import { addRow } from "./gemv"

/** Rows of a block of `syrk`: few of a small matrix, of which what lies above the diagonal of the blocks is a large part. */
@inline
function blockOf(n: i32): i32 {
  return n <= 128 ? 8 : n <= 512 ? 32 : 64
}

/** The upper triangle becomes the mirror of the lower. */
export function mirror(n: i32, c: usize): void {
  const step = bytes<f64>(n)
  for (let i = 1; i < n; i++) {
    let from = c + <usize>i * step
    let to = c + bytes<f64>(i)
    for (let j = 0; j < i; j++) {
      store<f64>(to, load<f64>(from))
      from += 8
      to += step
    }
  }
}

/** C = alpha A A^T + beta C with A n x k, or alpha A^T A + beta C with A k x n. Each element in the order of gemm. */
export function syrk(transpose: bool, n: i32, k: i32, alpha: f64, a: usize, beta: f64, c: usize, work: usize): void {
  const lda = transpose ? n : k
  const block = blockOf(n)
  for (let i = 0; i < n; i += block) {
    const rows = min(block, n - i)
    const from = a + (transpose ? bytes<f64>(i) : <usize>i * bytes<f64>(k))
    const to = c + <usize>i * bytes<f64>(n)
    gemm<f64>(transpose, !transpose, rows, i + rows, k, alpha, from, lda, a, lda, beta, to, n, work)
  }
  mirror(n, c)
}

/** A += alpha x y^T, A m x n. */
export function ger(m: i32, n: i32, alpha: f64, x: usize, y: usize, a: usize): void {
  for (let i = 0; i < m; i++) {
    addRow<f64>(n, alpha * load<f64>(x), y, a)
    x += 8
    a += bytes<f64>(n)
  }
}
