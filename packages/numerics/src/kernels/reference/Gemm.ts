/**
 * C = alpha op(A) op(B) + beta C: the twin of `assembly/gemm.ts`.
 *
 * Every element of C has one order, in blocks of 256 terms. In each block, s = ((0 + a0 b0) + a1 b1) + .... Then c = beta c +
 * alpha s for the first block (c = alpha s if beta is 0: C is not read), and c = c + alpha s for the others.
 */
import type { Floats } from "../Staging.ts"
import { product } from "./Product.ts"

const depth = 256

export const gemm = (
  transposeA: boolean,
  transposeB: boolean,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Floats,
  b: Floats,
  beta: number,
  c: Floats,
): void => {
  if (k === 0) {
    for (let i = 0; i < m * n; i++) c[i] = beta === 0 ? 0 : beta * c[i]!
    return
  }
  const lda = transposeA ? m : k
  const ldb = transposeB ? k : n
  product(transposeA, transposeB, m, n, k, alpha, a, 0, lda, b, 0, ldb, beta, c, 0, n)
}

/** The same in float32: every operation is rounded to float32. */
export const gemm32: typeof gemm = (transposeA, transposeB, m, n, k, alpha, a, b, beta, c) => {
  const fround = Math.fround
  if (k === 0) {
    for (let i = 0; i < m * n; i++) c[i] = beta === 0 ? 0 : fround(beta) * c[i]!
    return
  }
  const rowA = transposeA ? 1 : k
  const columnA = transposeA ? m : 1
  const rowB = transposeB ? 1 : n
  const columnB = transposeB ? k : 1
  for (let p0 = 0; p0 < k; p0 += depth) {
    const p1 = Math.min(k, p0 + depth)
    const scale = p0 === 0 ? fround(beta) : 1
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0
        let at = i * rowA + p0 * columnA
        let bt = p0 * rowB + j * columnB
        for (let p = p0; p < p1; p++) {
          sum = fround(sum + fround(a[at]! * b[bt]!))
          at += columnA
          bt += rowB
        }
        const scaled = fround(fround(alpha) * sum)
        const to = i * n + j
        c[to] = scale === 0 ? scaled : fround(scale * c[to]!) + scaled
      }
    }
  }
}
