/** The twin of gemm for parts of larger matrices: the same order of every element as in `Gemm.ts`. */
import type { Floats } from "../Staging.ts"

const depth = 256

/** A part of a row-major matrix: array, offset of its first element, elements from row to row. */
export const product = <A extends Floats>(
  transposeA: boolean,
  transposeB: boolean,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: A,
  aAt: number,
  lda: number,
  b: A,
  bAt: number,
  ldb: number,
  beta: number,
  c: A,
  cAt: number,
  ldc: number,
): void => {
  const rowA = transposeA ? 1 : lda
  const columnA = transposeA ? lda : 1
  const rowB = transposeB ? 1 : ldb
  const columnB = transposeB ? ldb : 1
  for (let p0 = 0; p0 < Math.max(1, k); p0 += depth) {
    const p1 = Math.min(k, p0 + depth)
    const scale = p0 === 0 ? beta : 1
    const isFresh = scale === 0
    for (let i = 0; i < m; i += 2) {
      const from = aAt + i * rowA + p0 * columnA
      // of the last row alone both are the same
      const below = i + 1 < m ? rowA : 0
      let j = 0
      // two rows and four columns at once, each with its own order: no addition waits for that of another
      for (; j + 3 < n; j += 4) {
        let sum0 = 0
        let sum1 = 0
        let sum2 = 0
        let sum3 = 0
        let sum4 = 0
        let sum5 = 0
        let sum6 = 0
        let sum7 = 0
        let at = from
        let b0 = bAt + p0 * rowB + j * columnB
        let b1 = b0 + columnB
        let b2 = b1 + columnB
        let b3 = b2 + columnB
        for (let p = p0; p < p1; p++) {
          const upper = a[at]!
          const lower = a[at + below]!
          const c0 = b[b0]!
          const c1 = b[b1]!
          const c2 = b[b2]!
          const c3 = b[b3]!
          sum0 += upper * c0
          sum1 += upper * c1
          sum2 += upper * c2
          sum3 += upper * c3
          sum4 += lower * c0
          sum5 += lower * c1
          sum6 += lower * c2
          sum7 += lower * c3
          at += columnA
          b0 += rowB
          b1 += rowB
          b2 += rowB
          b3 += rowB
        }
        const to = cAt + i * ldc + j
        c[to] = isFresh ? alpha * sum0 : scale * c[to]! + alpha * sum0
        c[to + 1] = isFresh ? alpha * sum1 : scale * c[to + 1]! + alpha * sum1
        c[to + 2] = isFresh ? alpha * sum2 : scale * c[to + 2]! + alpha * sum2
        c[to + 3] = isFresh ? alpha * sum3 : scale * c[to + 3]! + alpha * sum3
        if (below === 0) continue
        const next = to + ldc
        c[next] = isFresh ? alpha * sum4 : scale * c[next]! + alpha * sum4
        c[next + 1] = isFresh ? alpha * sum5 : scale * c[next + 1]! + alpha * sum5
        c[next + 2] = isFresh ? alpha * sum6 : scale * c[next + 2]! + alpha * sum6
        c[next + 3] = isFresh ? alpha * sum7 : scale * c[next + 3]! + alpha * sum7
      }
      for (; j < n; j++) {
        let sum0 = 0
        let sum1 = 0
        let at = from
        let bt = bAt + p0 * rowB + j * columnB
        for (let p = p0; p < p1; p++) {
          const factor = b[bt]!
          sum0 += a[at]! * factor
          sum1 += a[at + below]! * factor
          at += columnA
          bt += rowB
        }
        const to = cAt + i * ldc + j
        c[to] = isFresh ? alpha * sum0 : scale * c[to]! + alpha * sum0
        if (below > 0) c[to + ldc] = isFresh ? alpha * sum1 : scale * c[to + ldc]! + alpha * sum1
      }
    }
  }
}
