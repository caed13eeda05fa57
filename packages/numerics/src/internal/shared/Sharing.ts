/** Division of large operations into shares. */
import type { Exports } from "../../kernels/Exports.ts"
import * as Work from "./Work.ts"

/** Number of multiply-adds for which a product is worth waking threads: some tens of microseconds on one thread. */
const leastProduct = 2 ** 22
const leastVector = 2 ** 19

/** Rows of whole tiles, of both builds, and columns of whole vectors. */
const tile = 60
const vector = 8

/** Starts of `threads` parts of `size`, each a multiple of `unit` except the last, and the end. */
const partsOf = (size: number, threads: number, unit: number): ReadonlyArray<number> =>
  Array.from({ length: threads + 1 }, (_, t) =>
    t === threads ? size : Math.min(size, Math.round((size * t) / threads / unit) * unit),
  )

/** The size of the largest part. */
const largest = (parts: ReadonlyArray<number>): number =>
  parts.slice(1).reduce((most, end, t) => Math.max(most, end - parts[t]!), 0)

/** Kernels that share their large operations: `together` does the shares of an operation, the first of them in this thread. */
export const sharing = (
  wasm: Exports,
  together: (shares: ReadonlyArray<Work.Share>) => void,
  threads: number,
): Exports => ({
  ...wasm,
  gemm: (...given) => {
    const [ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc] = given
    if (m * n * k < leastProduct) return wasm.gemm(...given)
    const [ofRows, ofColumns] = [partsOf(m, threads, tile), partsOf(n, threads, vector)]
    // the thread with the most to do is the one that all wait for
    const byRows = largest(ofRows) * n < largest(ofColumns) * m
    const parts = byRows ? ofRows : ofColumns
    together(
      parts.slice(1).map((end, t) => {
        const begin = parts[t]!
        const size = end - begin
        const [rows, columns] = byRows ? [size, n] : [m, size]
        const from = byRows ? a + 8 * begin * (ta === 1 ? 1 : lda) : a
        const other = byRows ? b : b + 8 * begin * (tb === 1 ? ldb : 1)
        const to = c + 8 * begin * (byRows ? ldc : 1)
        const matrices = [from, lda, other, ldb, beta, to, ldc] as const
        return [Work.kinds.gemm, ta, tb, rows, columns, k, alpha, ...matrices] as const
      }),
    )
  },
  gemv: (...given) => {
    const [transpose, m, n, alpha, a, lda, x, beta, y] = given
    if (m * n < leastVector) return wasm.gemv(...given)
    const byRows = transpose === 0
    const parts = partsOf(byRows ? m : n, threads, vector)
    together(
      parts.slice(1).map((end, t) => {
        const begin = parts[t]!
        const [rows, columns] = byRows ? [end - begin, n] : [m, end - begin]
        const from = a + 8 * begin * (byRows ? lda : 1)
        const to = y + 8 * begin
        return [Work.kinds.gemv, transpose, rows, columns, alpha, from, lda, x, beta, to] as const
      }),
    )
  },
  symmetricProduct: (...given) => {
    const [n] = given
    if (n * n < leastVector) return wasm.symmetricProduct(...given)
    // an element of the product takes the same work wherever it is
    const parts = partsOf(n, threads, vector)
    together(
      parts.slice(1).map((end, t) => [Work.kinds.symmetricPart, ...given, parts[t]!, end] as const),
    )
  },
  syrk: (...given) => {
    const [transpose, n, k, alpha, a, beta, c] = given
    if ((n * n * k) / 2 < leastProduct) return wasm.syrk(...given)
    const args = [transpose, n, k, alpha, a, beta, c] as const
    together(
      Array.from({ length: threads }, (_, t) => [Work.kinds.syrk, ...args, t, threads] as const),
    )
    wasm.mirror(n, c)
  },
})
