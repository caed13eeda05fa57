/** Equivalent forms of the same measurements and layers. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import { dense } from "../../index.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { type Measurements } from "../../measurements/Measurements.ts"

/** Measurements `P A_i Q'`. */
export const turned = (
  measurements: Measurements,
  p: Float64Array,
  q: Float64Array,
): Measurements => {
  const { columns, count, given: kernels, rows } = measurements
  const from = measurements.matrices()
  const matrices = new Float64Array(from.length)
  const back = Matrix.transpose(q, columns, columns)
  for (let i = 0; i < count; i++) {
    const a = from.subarray(i * rows * columns, (i + 1) * rows * columns)
    matrices.set(Matrix.sandwich(p, a, back, rows, columns, kernels), i * rows * columns)
  }
  return dense({ rows, columns, matrices, kernels })
}

/** Measurements with the same values on M' as the originals on M: every A_i transposed. */
export const transposed = (measurements: Measurements): Measurements => {
  const { columns, count, given: kernels, rows } = measurements
  const from = measurements.matrices()
  const matrices = new Float64Array(from.length)
  for (let i = 0; i < count; i++) {
    const a = from.subarray(i * rows * columns, (i + 1) * rows * columns)
    matrices.set(Matrix.transpose(a, rows, columns), i * rows * columns)
  }
  return dense({ rows: columns, columns: rows, matrices, kernels })
}

/** Measurements with the listed numbers, with repetitions. */
export const selected = (measurements: Measurements, list: ReadonlyArray<number>): Measurements => {
  const { columns, given: kernels, rows } = measurements
  const size = rows * columns
  const from = measurements.matrices()
  const matrices = new Float64Array(list.length * size)
  list.forEach((i, k) => matrices.set(from.subarray(i * size, (i + 1) * size), k * size))
  return dense({ rows, columns, matrices, kernels })
}

/** Every layer by its own map. */
export const mapLayers = (
  shape: Factorisation.Shape,
  x: Float64Array,
  map: (part: Float64Array, j: number) => Float64Array,
): Float64Array =>
  Factorisation.join(
    shape,
    Factorisation.layers(shape, x).map((part, k) => map(part, k + 1)),
  )

/** Layers `left_j W_j right_(j-1)`, with a matrix of either kind for every width. */
export const turnedLayers =
  (
    shape: Factorisation.Shape,
    left: ReadonlyArray<Float64Array>,
    right: ReadonlyArray<Float64Array>,
    kernels: Kernels,
  ): ((x: Float64Array) => Float64Array) =>
  (x) =>
    mapLayers(shape, x, (part, j) => {
      const [rows, columns] = [shape.widths[j]!, shape.widths[j - 1]!]
      return Matrix.sandwich(left[j]!, part, right[j - 1]!, rows, columns, kernels)
    })

/** All layers transposed, in reverse order: those of the transposed product, for a shape with the widths reversed. */
export const reversedLayers = (shape: Factorisation.Shape, x: Float64Array): Float64Array =>
  Factorisation.join(
    Factorisation.shape(shape.widths.toReversed()),
    Factorisation.layers(shape, x)
      .map((part, k) => Matrix.transpose(part, shape.widths[k + 1]!, shape.widths[k]!))
      .toReversed(),
  )
