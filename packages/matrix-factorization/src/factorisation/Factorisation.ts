/** Deep factorisations `M = W_L ... W_1`: layer j is `widths[j]` x `widths[j - 1]`, row-major, W_1 first in one flat array. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { products } from "./Products.ts"
import type { Shape } from "./Shape.ts"

export type { Shape } from "./Shape.ts"

/**
 * The shape of the widths `d_0, d_1, ..., d_L`: inputs, hidden layers, outputs. Throws InvalidInput on fewer than two layers and on
 * widths that are not positive integers.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Factorisation } from "@nonconvex/matrix-factorization"
 *
 * Factorisation.shape([2, 3, 2]).widths // => [2, 3, 2]
 * ```
 */
export const shape = (widths: ReadonlyArray<number>): Shape => {
  const depth = widths.length - 1
  if (depth < 2) {
    invalid(
      "Factorisation.shape",
      "there must be at least two layers: a single layer has no flatter factorisation",
      { depth },
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

/**
 * `depth` layers for a `rows` x `columns` matrix, with hidden width `hidden`; by default the smaller of both sizes, which
 * allows any rank. Throws InvalidInput as `shape`.
 */
export const uniformShape = (
  rows: number,
  columns: number,
  depth: number,
  hidden = Math.min(rows, columns),
): Shape => shape([columns, ...Array.from({ length: Math.max(0, depth - 1) }, () => hidden), rows])

/** Layer j, from 1 to L, as a view into `parameters`: `widths[j]` x `widths[j - 1]`, row-major. */
export const layer = ({ offsets }: Shape, parameters: Float64Array, j: number): Float64Array =>
  parameters.subarray(offsets[j - 1], offsets[j])

/** All layers as views into `parameters`: W_1, ..., W_L. */
export const layers = (shape_: Shape, parameters: Float64Array): ReadonlyArray<Float64Array> =>
  Array.from({ length: shape_.depth }, (_, k) => layer(shape_, parameters, k + 1))

/** The layers W_1, ..., W_L copied into one flat array of `shape.dimension` numbers. */
export const join = (shape_: Shape, parts: ReadonlyArray<Float64Array>): Float64Array => {
  const out = new Float64Array(shape_.dimension)
  parts.forEach((part, k) => out.set(part, shape_.offsets[k]))
  return out
}

/**
 * The end-to-end matrix `M = W_L ... W_1` of the layers in `parameters`: rows x columns, row-major.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Factorisation } from "@nonconvex/matrix-factorization"
 *
 * // 2 * 3, of two layers of one number
 * Array.from(Factorisation.endToEnd(Factorisation.shape([1, 1, 1]), Float64Array.of(2, 3))) // => [6]
 * ```
 */
export const endToEnd = (
  shape_: Shape,
  parameters: Float64Array,
  kernels: Kernels.Kernels = Kernels.standard(),
): Float64Array => {
  Require.typed("Factorisation.endToEnd", "parameters", parameters)
  const { prefixes, update } = products(shape_, kernels)
  update(layers(shape_, parameters))
  return prefixes[shape_.depth]!
}
