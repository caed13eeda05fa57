/**
 * C = alpha op(A) op(B) + beta C, row-major, in blocks that stay in the caches (Goto and van de Geijn 2008, with the roles of
 * the operands exchanged: one panel of A stays in the first-level cache, a block of B in the second).
 *
 * Order of every element, whatever the tile: blocks of 256 terms; in each, s = ((0 + a0 b0) + a1 b1) + ...; then
 * c = beta c + alpha s for the first block (c = alpha s where beta is 0: C is not read) and c = c + alpha s for the others.
 */
import { bytes } from "./simd"
import { packA, packB } from "./pack"
import { tall, tile4 } from "./tile"
import { tallest } from "./tileWide"
import { start } from "./gemv"

/** Terms in a block of the sum, part of the contract. */
const depth: i32 = 256
/** Columns in a block of B. */
const breadth: i32 = 256
/** Bytes in front of the packed block of B: the spare tile and one panel of A. */
const front: usize = 512 + 256 * 48

/** Rows of the next tile when `left` remain: the tallest, or 4 where that lets the last tiles be full. */
@inline
function height(left: i32): i32 {
  if (ASC_FEATURE_RELAXED_SIMD) return left <= 4 || left == 8 ? 4 : tall
  const fours = (5 - (left % 5)) % 5
  return left <= 4 || (left < 20 && fours > 0 && 4 * fours <= left) ? 4 : tall
}

export function gemm<T>(
  transposeA: bool, transposeB: bool, m: i32, n: i32, k: i32, alpha: T, a: usize, lda: i32, b: usize, ldb: i32,
  beta: T, c: usize, ldc: i32, work: usize,
): void {
  const rowA = transposeA ? sizeof<T>() : bytes<T>(lda)
  const columnA = transposeA ? bytes<T>(lda) : sizeof<T>()
  const rowB = transposeB ? sizeof<T>() : bytes<T>(ldb)
  const columnB = transposeB ? bytes<T>(ldb) : sizeof<T>()
  const rowC = bytes<T>(ldc)
  if (k == 0) {
    for (let i = 0; i < m; i++) start<T>(n, beta, c + <usize>i * rowC)
    return
  }
  const panelA = work + 512
  const panelB = work + front
  for (let j = 0; j < n; j += breadth) {
    const columns = min(breadth, n - j)
    for (let p = 0; p < k; p += depth) {
      const count = min(depth, k - p)
      const kept = p == 0 ? beta : <T>1
      const fresh = p == 0 && beta == 0
      packB<T>(count, columns, b + <usize>p * rowB + <usize>j * columnB, rowB, columnB, panelB)
      for (let i = 0; i < m; ) {
        const rows = height(m - i)
        const available = min(rows, m - i)
        const from = a + <usize>i * rowA + <usize>p * columnA
        const to = c + <usize>i * rowC + bytes<T>(j)
        if (rows == 4) {
          packA<T>(4, available, count, from, rowA, columnA, panelA)
          tile4<T>(count, panelA, panelB, columns, to, rowC, available, alpha, kept, fresh, work)
        } else {
          packA<T>(tall, available, count, from, rowA, columnA, panelA)
          tallest<T>(count, panelA, panelB, columns, to, rowC, available, alpha, kept, fresh, work)
        }
        i += rows
      }
    }
  }
}
