/**
 * Matrix times vector for matrices that no longer fit the caches, with the bits of `gemv.ts`.
 *
 * A product has some fifteen instructions for each cache line, and the processor looks only a few hundred ahead: too few lines
 * are under way. So a loop that has hardly any instructions first brings a block of rows near, in the order of the addresses.
 */
import { addRows, multiply, start } from "./gemv"
import { bytes, zero } from "./simd"

/** Elements of a matrix that the last cache no longer holds. */
const large: i32 = 1 << 21
/** Elements of a block, which the second-level cache holds between the two passes: 256 kB. */
const block: i32 = 1 << 15

/** Whether a product pays for a pass more: the matrix is large, and a block holds at least one of its rows. */
export function isLarge(m: i32, n: i32): bool {
  return m * n > large && n <= block
}

/** Rows of a block. */
@inline
function height(n: i32): i32 {
  return min(8, block / n)
}

/** Reads one vector of each cache line; what it has read goes to `work`, so that no compiler leaves the reading out. */
function bring(rows: i32, n: i32, a: usize, step: usize, work: usize): void {
  let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero()
  for (let i = 0; i < rows; i++) {
    let row = a
    const end = a + bytes<f64>(n & ~31)
    while (row < end) {
      s0 = v128.or(s0, v128.load(row))
      s1 = v128.or(s1, v128.load(row, 64))
      s2 = v128.or(s2, v128.load(row, 128))
      s3 = v128.or(s3, v128.load(row, 192))
      row += 256
    }
    a += step
  }
  v128.store(work, v128.or(v128.or(s0, s1), v128.or(s2, s3)))
}

/** As `multiply`; `work` holds 16 bytes. */
export function multiplyLarge(
  m: i32, n: i32, alpha: f64, a: usize, lda: i32, x: usize, beta: f64, y: usize, work: usize,
): void {
  const step = bytes<f64>(lda)
  const rows = height(n)
  for (let i = 0; i < m; i += rows) {
    const count = min(rows, m - i)
    bring(count, n, a, step, work)
    multiply<f64>(count, n, alpha, a, lda, x, beta, y)
    a += <usize>rows * step
    y += bytes<f64>(rows)
  }
}

/** As `multiplyTransposed`; `work` holds 16 bytes. */
export function multiplyTransposedLarge(
  m: i32, n: i32, alpha: f64, a: usize, lda: i32, x: usize, beta: f64, y: usize, work: usize,
): void {
  const step = bytes<f64>(lda)
  const rows = height(n)
  start<f64>(n, beta, y)
  for (let i = 0; i < m; i += rows) {
    const count = min(rows, m - i)
    bring(count, n, a, step, work)
    addRows<f64>(count, n, alpha, a, step, x, y)
    a += <usize>rows * step
    x += bytes<f64>(rows)
  }
}

/** As `multiplyBoth`; `work` holds 16 bytes. */
export function multiplyBothLarge(
  m: i32, n: i32, a: usize, lda: i32, x: usize, ax: usize, u: usize, atu: usize, work: usize,
): void {
  const step = bytes<f64>(lda)
  const rows = height(n)
  start<f64>(n, 0, atu)
  for (let i = 0; i < m; i += rows) {
    const count = min(rows, m - i)
    bring(count, n, a, step, work)
    multiply<f64>(count, n, 1, a, lda, x, 0, ax)
    addRows<f64>(count, n, 1, a, step, u, atu)
    a += <usize>rows * step
    ax += bytes<f64>(rows)
    u += bytes<f64>(rows)
  }
}
