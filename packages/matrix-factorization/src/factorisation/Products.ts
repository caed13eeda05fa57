/** Partial products of a factorisation, and the unit in which its layers are of order 1. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Shape } from "./Shape.ts"

/** Power of two by which to divide `depth` layers whose product has norm `norm`, so that their product has norm about 1. */
export const layerUnit = (depth: number, norm: number): number =>
  norm > 0 ? Elementary.pow(2, Math.round(Elementary.log2(norm) / depth)) : 1

/** The prefixes `P_j = W_j ... W_1` and suffixes `S_j = W_L ... W_(j+1)` of a factorisation; `update` fills them. */
export interface Products {
  /** P_0 = I, ..., P_L = M: P_j is d_j x d_0. */
  readonly prefixes: ReadonlyArray<Float64Array>
  /** S_0 = M, ..., S_L = I: S_j is d_L x d_j. */
  readonly suffixes: ReadonlyArray<Float64Array>
  readonly update: (layers: ReadonlyArray<Float64Array>) => void
}

export const products = (
  { columns, depth, rows, widths }: Shape,
  { gemm }: Kernels.Kernels,
): Products => {
  const prefixes = widths.map((width) => new Float64Array(width * columns))
  const suffixes = widths.map((width) => new Float64Array(rows * width))
  for (let i = 0; i < columns; i++) prefixes[0]![i * columns + i] = 1
  for (let i = 0; i < rows; i++) suffixes[depth]![i * rows + i] = 1
  return {
    prefixes,
    suffixes,
    update: (parts) => {
      prefixes[1]!.set(parts[0]!)
      suffixes[depth - 1]!.set(parts[depth - 1]!)
      for (let j = 2; j <= depth; j++) {
        const [m, k, part] = [widths[j]!, widths[j - 1]!, parts[j - 1]!]
        gemm(false, false, m, columns, k, 1, part, prefixes[j - 1]!, 0, prefixes[j]!)
      }
      for (let j = depth - 1; j >= 1; j--) {
        const [k, n, part] = [widths[j]!, widths[j - 1]!, parts[j - 1]!]
        gemm(false, false, rows, n, k, 1, suffixes[j]!, part, 0, suffixes[j - 1]!)
      }
    },
  }
}
