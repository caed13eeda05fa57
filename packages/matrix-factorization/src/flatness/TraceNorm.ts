import * as Require from "@nonconvex/numerics/Require"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Matrix from "../internal/Matrix.ts"
import type { Measurements } from "../measurements/Measurements.ts"
import { Schema } from "effect"

/** Some row or column directions of the matrix are not measured, so nothing is known about them. */
export class UnseenDirections extends Schema.TaggedError<UnseenDirections>()("UnseenDirections", {
  /** Dimensions of the null spaces of `B_1 = (1/n) sum A_i A_i'` (rows) and `B_2 = (1/n) sum A_i' A_i` (columns). */
  rows: Schema.Int,
  columns: Schema.Int,
}) {
  override get message(): string {
    return `the measurements do not see ${this.rows} row and ${this.columns} column directions of the matrix; remove these directions, or measure them`
  }
}

/**
 * The trace norm `2 |B_1^(1/2) M B_2^(1/2)|_*`, with `B_1 = (1/n) sum A_i A_i'` and `B_2 = (1/n) sum A_i' A_i`. It is the
 * least sharpness of two layers with product M (Ding, Drusvyatskiy, Fazel, Harchaoui 2022 as recalled; derived here; claim
 * matrix-factorization/two-layer-trace-norm). For a completion B_1 and B_2 are diagonal: the share of the observations in
 * each row and column.
 */
export interface TraceNorm {
  /** Value at a rows x columns matrix M. */
  readonly value: (m: Float64Array) => number
  /** A subgradient at M, `2 B_1^(1/2) U V' B_2^(1/2)`: a regulariser for a model of your own. */
  readonly subgradient: (m: Float64Array) => Float64Array
  /** `B_1^(1/2) M B_2^(1/2)`. */
  readonly weighted: (m: Float64Array) => Float64Array
  /** `B_1^(1/2)` and `B_2^(1/2)`. */
  readonly left: Float64Array
  readonly right: Float64Array
  /** Inverses, zero on directions that no measurement sees. */
  readonly inverseLeft: Float64Array
  readonly inverseRight: Float64Array
  /** Number of those directions. */
  readonly unseenRows: number
  readonly unseenColumns: number
}

/** `B_1 = (1/n) sum A_i A_i'` (rows x rows) and `B_2 = (1/n) sum A_i' A_i` (columns x columns). */
export const moments = (
  measurements: Measurements,
): { readonly left: Float64Array; readonly right: Float64Array } => {
  const { columns, rows } = measurements
  const left = new Float64Array(rows * rows)
  const right = new Float64Array(columns * columns)
  measurements.leftMoment(Matrix.identity(columns), left)
  measurements.rightMoment(Matrix.identity(rows), right)
  return { left, right }
}

/**
 * Norm that flatness in two layers induces on matrices, with its subgradient: a regulariser that needs no network. Its
 * functions throw InvalidInput on a matrix of another size or not finite.
 */
export const traceNorm = (measurements: Measurements): TraceNorm => {
  const { columns, given: kernels, rows } = measurements
  const size = rows * columns
  const b = moments(measurements)
  const left = Matrix.squareRoot(b.left, rows, kernels)
  const right = Matrix.squareRoot(b.right, columns, kernels)
  const weighted = (m: Float64Array): Float64Array =>
    Matrix.sandwich(left, m, right, rows, columns, kernels)
  return {
    value: (m) => {
      Require.vector("traceNorm", "m", m, size)
      return 2 * Matrix.nuclearNorm(weighted(m), rows, columns, kernels)
    },
    subgradient: (m) => {
      Require.vector("traceNorm", "m", m, size)
      const svd = Svd.decompose(weighted(m), rows, columns, kernels)
      const rank = Matrix.rank(svd.values)
      const sign = new Float64Array(size)
      const [u, v] = [svd.left.subarray(0, rank * rows), svd.right.subarray(0, rank * columns)]
      kernels.gemm(true, false, rows, columns, rank, 2, u, v, 0, sign)
      return weighted(sign)
    },
    weighted,
    left,
    right,
    inverseLeft: Matrix.inverseSquareRoot(b.left, rows, kernels),
    inverseRight: Matrix.inverseSquareRoot(b.right, columns, kernels),
    unseenRows: Matrix.nullity(b.left, rows, kernels),
    unseenColumns: Matrix.nullity(b.right, columns, kernels),
  }
}
