/**
 * Outputs of Algorithm 1 of the paper: imaginary noise added to a release that is already private. The noise is independent
 * of the data, and needs neither a grid nor a share of the budget.
 */
import type { components } from "@nonconvex/dp-lowrank/operations"
import { Schema } from "effect"

type Paper = NonNullable<ReturnType<typeof components>["paper"]>

const Triangle = Schema.Array(Schema.Array(Schema.Number))

/** Matrices by the rows of their lower triangles, sums over the rows of the data. */
export const PaperOutputs = Schema.Struct({
  /** Y = Re M-hat_k, as printed; its rank is up to 2k. */
  real: Triangle,
  /** Im M-hat_k, which is antisymmetric: with `real`, the complex output. */
  imaginary: Triangle,
  /** The best rank-k approximation of Y. */
  realRankK: Schema.Struct({
    eigenvalues: Schema.Array(Schema.Number),
    components: Schema.Array(Schema.Array(Schema.Number)),
  }),
})
/** The rows of a row-major matrix of `columns` columns. */
export const rowsOf = (matrix: Float64Array, columns: number): Array<Array<number>> =>
  Array.from({ length: matrix.length / columns }, (_, i) =>
    Array.from(matrix.subarray(i * columns, (i + 1) * columns)),
  )

/** Rows of the lower triangle, generated one by one, since all together would take several times its memory. */
export function* triangleOf(matrix: Float64Array, dimension: number): Generator<Array<number>> {
  for (let i = 0; i < dimension; i++) {
    yield Array.from(matrix.subarray(i * dimension, i * dimension + i + 1))
  }
}

/** The outputs as rows. */
export const make = ({ imaginary, real, realRankK }: Paper) => {
  const { dimension: d, values, vectors } = realRankK
  return {
    real: triangleOf(real, d),
    imaginary: triangleOf(imaginary, d),
    realRankK: { eigenvalues: Array.from(values), components: rowsOf(vectors, d) },
  }
}
