/** Share of one thread in an operation: numbers in the shared memory, in the order of the arguments. */
import type { Exports } from "../../kernels/Exports.ts"

/** Bytes of the words of all threads, and of the share of each thread behind them. */
export const shareBytes = 256

/** Bytes in which a kernel may pack operands. */
export const packBytes = 640 * 1024

/** Rows of a strip of `syrk`. */
export const strip = 64

/** The numbers of a share: its kind, then its arguments. */
export type Share = readonly [kind: 0 | 1 | 2 | 3, ...args: ReadonlyArray<number>]

/**
 * Kinds of shares. Each is a call of a kernel, without `work`. For `syrk` it is the strips `first`, `first + stride`, ...,
 * without the mirror.
 */
export const kinds = { gemm: 0, gemv: 1, syrk: 2, symmetricPart: 3 } as const

/** Does a share. */
export const run = (wasm: Exports, share: ArrayLike<number>, work: number): void => {
  const at = (k: number): number => share[k]!
  switch (at(0)) {
    case kinds.gemm:
      return wasm.gemm(
        ...([at(1), at(2), at(3), at(4), at(5), at(6)] as const),
        ...([at(7), at(8), at(9), at(10), at(11), at(12), at(13), work] as const),
      )
    case kinds.gemv:
      return wasm.gemv(
        ...([at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9), work] as const),
      )
    case kinds.symmetricPart:
      return wasm.symmetricPart(at(1), at(2), at(3), at(4), at(5), at(6), at(7))
    default: {
      const [transpose, n, k, alpha, a, beta, c] = [at(1), at(2), at(3), at(4), at(5), at(6), at(7)]
      const [first, stride] = [at(8), at(9)]
      const lda = transpose === 1 ? n : k
      for (let i = first * strip; i < n; i += stride * strip) {
        const rows = Math.min(strip, n - i)
        const from = a + 8 * (transpose === 1 ? i : i * k)
        const given = [transpose, 1 - transpose, rows, i + rows, k, alpha] as const
        wasm.gemm(...given, from, lda, a, lda, beta, c + 8 * i * n, n, work)
      }
    }
  }
}

/** Position of beta, by kind. */
const placeOfBeta = [11, 8, 6] as const

/** Tests whether an incomplete share can be repeated from the start: it writes its outputs without reading them. */
export const isRepeatable = (share: Share): boolean => {
  const [kind] = share
  if (kind !== kinds.symmetricPart) return share[placeOfBeta[kind]] === 0
  // what is added may lie where the product goes
  const [, n, , , c, y] = share
  return c === 0 || Math.abs(y! - c!) >= 8 * n!
}
