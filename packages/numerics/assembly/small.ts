/**
 * C = op(A) op(B) for matrices that the first-level cache holds, in the order of gemm with alpha 1 and beta 0, for k <= 256.
 *
 * Tiles of four rows and four columns, from operands where they lie; only a transposed B is packed.
 */
import { gemmSmall } from "./batched"
import { gemm } from "./gemm"
import { packB } from "./pack"
import { bytes, madd, zero } from "./simd"

/** Multiply-adds up to which packing costs more than it gains. */
const most: i64 = 32 * 32 * 32
/** The same where the sizes are not multiples of the tile's. */
const mostWithEdges: i64 = 16 * 16 * 16

/**
 * Four rows of C in `count` tiles of four columns. `columns`: A gives the four elements of a column next to each other, and
 * `stepA` is from column to column; else it is from row to row. `stepB` is from row to row of B, `nextB` from tile to tile.
 */
@inline
function band(
  columns: bool, count: i32, k: i32, a: usize, stepA: usize, b: usize, stepB: usize, nextB: usize, c: usize, rowC: usize,
): void {
  for (; count > 0; count--) {
    let c00 = zero(), c01 = zero()
    let c10 = zero(), c11 = zero()
    let c20 = zero(), c21 = zero()
    let c30 = zero(), c31 = zero()
    let y = b
    let a0 = a
    let a1 = a + stepA
    let a2 = a1 + stepA
    let a3 = a2 + stepA
    for (let p = k; p > 0; p--) {
      const b0 = v128.load(y)
      const b1 = v128.load(y, 16)
      let x = v128.load64_splat(a0)
      c00 = madd<f64>(x, b0, c00)
      c01 = madd<f64>(x, b1, c01)
      x = columns ? v128.load64_splat(a0, 8) : v128.load64_splat(a1)
      c10 = madd<f64>(x, b0, c10)
      c11 = madd<f64>(x, b1, c11)
      x = columns ? v128.load64_splat(a0, 16) : v128.load64_splat(a2)
      c20 = madd<f64>(x, b0, c20)
      c21 = madd<f64>(x, b1, c21)
      x = columns ? v128.load64_splat(a0, 24) : v128.load64_splat(a3)
      c30 = madd<f64>(x, b0, c30)
      c31 = madd<f64>(x, b1, c31)
      y += stepB
      if (columns) {
        a0 += stepA
      } else {
        a0 += 8
        a1 += 8
        a2 += 8
        a3 += 8
      }
    }
    let to = c
    v128.store(to, c00)
    v128.store(to, c01, 16)
    to += rowC
    v128.store(to, c10)
    v128.store(to, c11, 16)
    to += rowC
    v128.store(to, c20)
    v128.store(to, c21, 16)
    to += rowC
    v128.store(to, c30)
    v128.store(to, c31, 16)
    b += nextB
    c += 32
  }
}

// Functions of their own: next to what else multiplySmall holds, not all of a band would stay in registers.
function bandOfColumns(
  count: i32, k: i32, a: usize, stepA: usize, b: usize, stepB: usize, nextB: usize, c: usize, rowC: usize,
): void {
  band(true, count, k, a, stepA, b, stepB, nextB, c, rowC)
}

function bandOfRows(
  count: i32, k: i32, a: usize, stepA: usize, b: usize, stepB: usize, nextB: usize, c: usize, rowC: usize,
): void {
  band(false, count, k, a, stepA, b, stepB, nextB, c, rowC)
}

function multiplySmall(transposeA: bool, transposeB: bool, m: i32, n: i32, k: i32, a: usize, b: usize, c: usize, work: usize): void {
  const rowA = bytes<f64>(transposeA ? m : k)
  const rowC = bytes<f64>(n)
  let stepB = rowC
  let nextB: usize = 32
  if (transposeB) {
    packB<f64>(k, n, b, 8, bytes<f64>(k), work)
    b = work
    stepB = 32
    nextB = bytes<f64>(4 * k)
  }
  for (let i = 0; i < m; i += 4) {
    if (transposeA) bandOfColumns(n >> 2, k, a + bytes<f64>(i), rowA, b, stepB, nextB, c, rowC)
    else bandOfRows(n >> 2, k, a + <usize>i * rowA, rowA, b, stepB, nextB, c, rowC)
    c += 4 * rowC
  }
}

/** C = op(A) op(B), row-major without gaps, by the kernel for its size. */
export function product(transposeA: bool, transposeB: bool, m: i32, n: i32, k: i32, a: usize, b: usize, c: usize, work: usize): void {
  const size = k <= 256 ? <i64>m * n * k : i64.MAX_VALUE
  if (((m | n) & 3) == 0 && size <= most) {
    multiplySmall(transposeA, transposeB, m, n, k, a, b, c, work)
  } else if (!transposeA && !transposeB && size <= mostWithEdges) {
    gemmSmall<f64>(m, n, k, a, b, c)
  } else {
    gemm<f64>(transposeA, transposeB, m, n, k, 1, a, transposeA ? m : k, b, transposeB ? k : n, 0, c, n, work)
  }
}
