/** Two layers for a random matrix, and their distance from the balance of the flattest ones. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import { Draw } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { distance, normals } from "./Instances.ts"

/** More measurements than rows or columns: every direction is seen. */
export const twoLayers = Draw.record({
  rows: Draw.integer(1, 5),
  columns: Draw.integer(1, 5),
  spare: Draw.integer(0, 3),
  count: Draw.integer(6, 24),
  seed: Draw.seed(),
})

export const expandTwo = ({ columns, rows, seed, spare }: Draw.Drawn<typeof twoLayers>) => {
  const shape = Factorisation.shape([columns, Math.min(rows, columns) + spare, rows])
  const m = normals(Seed.root(seed).child("M"), rows * columns)
  return { shape, m }
}

/** Relative distance of `W_2' B_1 W_2` from `W_1 B_2 W_1'`. */
export const imbalance = (
  shape: Factorisation.Shape,
  x: Float64Array,
  left: Float64Array,
  right: Float64Array,
  kernels: Kernels.Kernels,
): number => {
  const { columns, rows } = shape
  const width = shape.widths[1]!
  const [w1, w2] = Factorisation.layers(shape, x)
  const outer = Matrix.multiply(left, w2!, rows, rows, width, kernels)
  const inner = Matrix.multiply(w1!, right, width, columns, columns, kernels)
  return distance(
    Matrix.multiply(Matrix.transpose(w2!, rows, width), outer, width, rows, width, kernels),
    Matrix.multiply(inner, Matrix.transpose(w1!, width, columns), width, columns, width, kernels),
  )
}
