/** Deep factorisations `M = W_L ... W_1`: layer j is `widths[j]` x `widths[j - 1]`, row-major, W_1 first in one flat array. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"

export interface Shape {
  /** d_0, d_1, ..., d_L: the columns of M, the hidden widths, the rows of M. */
  readonly widths: ReadonlyArray<number>
  /** L, the number of layers. */
  readonly depth: number
  readonly rows: number
  readonly columns: number
  /** Numbers in all layers. */
  readonly dimension: number
  /** Where layer j (from 1) begins is `offsets[j - 1]`. */
  readonly offsets: ReadonlyArray<number>
}

/** The shape of these widths. Throws InvalidInput on fewer than two layers and on widths below 1. */
export const shape = (widths: ReadonlyArray<number>): Shape => {
  const depth = widths.length - 1
  if (depth < 2) {
    invalid(
      "Factorisation.shape",
      "there must be two layers or more: a single one has no flatter factorisation",
      {
        depth,
      },
    )
  }
  widths.forEach((width, j) => Require.count("Factorisation.shape", `widths[${j}]`, width))
  const offsets = [0]
  for (let j = 1; j <= depth; j++) offsets.push(offsets[j - 1]! + widths[j]! * widths[j - 1]!)
  return {
    widths,
    depth,
    rows: widths[depth]!,
    columns: widths[0]!,
    dimension: offsets[depth]!,
    offsets,
  }
}

/** `depth` layers with hidden widths `hidden`, for a `rows` x `columns` matrix. */
export const uniformShape = (
  rows: number,
  columns: number,
  depth: number,
  hidden = Math.min(rows, columns),
): Shape => shape([columns, ...Array.from({ length: Math.max(0, depth - 1) }, () => hidden), rows])

/** Layer j, from 1 to L, as a view. */
export const layer = ({ offsets }: Shape, parameters: Float64Array, j: number): Float64Array =>
  parameters.subarray(offsets[j - 1], offsets[j])

/** All layers as views: W_1, ..., W_L. */
export const layers = (shape_: Shape, parameters: Float64Array): ReadonlyArray<Float64Array> =>
  Array.from({ length: shape_.depth }, (_, k) => layer(shape_, parameters, k + 1))

/** The layers in one flat array. */
export const join = (shape_: Shape, parts: ReadonlyArray<Float64Array>): Float64Array => {
  const out = new Float64Array(shape_.dimension)
  parts.forEach((part, k) => out.set(part, shape_.offsets[k]))
  return out
}

/** The power of two in units of which layers with a product of size `norm` have one of about 1, exactly. */
export const layerUnit = (depth: number, norm: number): number =>
  norm > 0 ? 2 ** Math.round(Math.log2(norm) / depth) : 1

/** The prefixes `P_j = W_j ... W_1` and suffixes `S_j = W_L ... W_(j+1)` of a factorisation; `update` fills them. */
export interface Products {
  /** P_0 = I, ..., P_L = M: P_j is d_j x d_0. */
  readonly prefixes: ReadonlyArray<Float64Array>
  /** S_0 = M, ..., S_L = I: S_j is d_L x d_j. */
  readonly suffixes: ReadonlyArray<Float64Array>
  readonly update: (layers: ReadonlyArray<Float64Array>) => void
}

export const products = ({ columns, depth, rows, widths }: Shape): Products => {
  const kernels = Kernels.strict()
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
        const [m, k] = [widths[j]!, widths[j - 1]!]
        kernels.gemm(
          false,
          false,
          m,
          columns,
          k,
          1,
          parts[j - 1]!,
          prefixes[j - 1]!,
          0,
          prefixes[j]!,
        )
      }
      for (let j = depth - 1; j >= 1; j--) {
        const [k, n] = [widths[j]!, widths[j - 1]!]
        kernels.gemm(false, false, rows, n, k, 1, suffixes[j]!, parts[j - 1]!, 0, suffixes[j - 1]!)
      }
    },
  }
}

/** The end-to-end matrix `M = W_L ... W_1`, rows x columns. */
export const endToEnd = (shape_: Shape, parameters: Float64Array): Float64Array => {
  const computed = products(shape_)
  computed.update(layers(shape_, parameters))
  return computed.prefixes[shape_.depth]!
}
