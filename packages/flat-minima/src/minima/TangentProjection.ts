/** dPhi at a minimum: the orthogonal projection onto the kernel of the Hessian, the tangent space of the minima. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as HessianVector from "@nonconvex/problems/HessianVector"
import type { Objective } from "@nonconvex/problems/Objective"
import { Schema } from "effect"
import type { SampleModel } from "../problems/SampleModel.ts"
import { type Basis, orthonormalise } from "./Orthonormalise.ts"

/** The rows of the Jacobian are linearly dependent: the point is not regular, and the rows do not give its tangent space. */
export class SingularJacobian extends Schema.TaggedError<SingularJacobian>()("SingularJacobian", {
  rows: Schema.Int,
  rank: Schema.Int,
  /** Smallest part of a row outside the span of the rows before it, relative to the row. */
  smallestRatio: Schema.Number,
}) {
  override get message(): string {
    return (
      `the Jacobian is singular: ${this.rows} rows have rank ${this.rank} (smallest ratio ${this.smallestRatio}); ` +
      "remove duplicate samples, or project with the Hessian and its gap"
    )
  }
}

export interface Projection {
  /** Dimension of the normal space. */
  readonly rank: number
  /**
   * Separation of the normal and the tangent space. For the Hessian: the smallest kept eigenvalue over the largest dropped one;
   * for the Jacobian: the smallest ratio of a kept row. Infinity if nothing was dropped.
   */
  readonly gap: number
  /** Projects v onto the tangent space, in place. */
  readonly apply: (v: Float64Array) => void
}

const projection = (normal: Float64Array, rank: number, n: number, gap: number): Projection => {
  const views = Array.from({ length: rank }, (_, k) => normal.subarray(k * n, (k + 1) * n))
  return {
    rank,
    gap,
    apply: (v) => {
      // twice is enough to be orthogonal to rounding
      for (let pass = 0; pass < 2; pass++) {
        for (const q of views) Vector.axpy(-Vector.dot(q, v), q, v)
      }
    },
  }
}

/**
 * Projection off the rows of the Jacobian of `model` at `x`, that is onto the tangent space at an interpolating point;
 * `O(n^2 d)`.
 *
 * Throws SingularJacobian if the new part of a row is below `tolerance` (default 1e-8), and InvalidInput on a bad point.
 */
export const fromJacobian = (model: SampleModel, x: Float64Array, tolerance = 1e-8): Projection => {
  Require.vector("TangentProjection.fromJacobian", "point", x, model.dimension)
  const { dimension: n, size } = model
  const rows = new Float64Array(size * n)
  for (let i = 0; i < size; i++) {
    model.predictionGradient(i, x, rows.subarray(i * n, (i + 1) * n))
  }
  const basis: Basis = { rank: 0, kept: 0, dropped: 0 }
  orthonormalise(rows, n, tolerance, basis)
  const { dropped, kept, rank } = basis
  if (rank < size) throw new SingularJacobian({ rows: size, rank, smallestRatio: dropped })
  return projection(rows.subarray(0, rank * n), rank, n, kept)
}

/** The Hessian at `x` as a row-major matrix, by `dimension` products, symmetrised. */
export const denseHessian = (objective: Objective, x: Float64Array): Float64Array => {
  const n = objective.dimension
  const product = HessianVector.of(objective)
  const h = new Float64Array(n * n)
  const unit = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    unit[i] = 1
    product(x, unit, h.subarray(i * n, (i + 1) * n))
    unit[i] = 0
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      h[i * n + j] = h[j * n + i] = 0.5 * (h[i * n + j]! + h[j * n + i]!)
    }
  }
  return h
}

/** The projection, or why there is none: the spectrum has no gap between normal and tangent space. */
export type GapTest =
  | {
      readonly _tag: "Gap"
      readonly projection: Projection
      /** Lower bound on the size of the eigenvalues above the gap. */
      readonly smallestKept: number
      /** Bound on the sine of the angle between this projection's space and that of the Hessian. */
      readonly tilt: number
    }
  | { readonly _tag: "NoGap"; readonly largestGap: number }

/**
 * Projection off the eigenvectors with nonzero eigenvalues, as identified by a gap.
 *
 * The cut is where neighbouring absolute values have the largest ratio `larger / smaller`. That ratio must be at least `gap`
 * (default 1000). The dropped eigenvalues must be at most `zero` (default 1e-5) times the largest. A full-rank spectrum needs no
 * cut: its smallest value must be above `zero` times the largest. `values` and `vectors` are as returned by
 * `SymmetricEigen.eigen`.
 */
export const fromEigen = (
  { values, vectors }: SymmetricEigen.Eigen,
  options: { readonly gap?: number; readonly zero?: number } = {},
): GapTest => {
  const { gap = 1e3, zero = 1e-5 } = options
  Require.positive("TangentProjection.fromEigen", "gap", gap)
  Require.positive("TangentProjection.fromEigen", "zero", zero)
  const n = values.length
  if (n === 0) invalid("TangentProjection.fromEigen", "there must be eigenvalues", { count: n })
  const order = Array.from(values.keys()).toSorted(
    (a, b) => Math.abs(values[b]!) - Math.abs(values[a]!),
  )
  const size = order.map((k) => Math.abs(values[k]!))
  const largest = size[0]!
  if (largest === 0) return { _tag: "NoGap", largestGap: 1 }
  // below this a zero eigenvalue is rounding, and its ratio to the next says nothing
  const floor = 1e-15 * n * largest
  let cut = n
  let widest = 0
  for (let k = 1; k < n; k++) {
    if (size[k]! > zero * largest) continue
    const ratio = size[k - 1]! / Math.max(size[k]!, floor)
    if (ratio > widest) {
      widest = ratio
      cut = k
    }
  }
  if (cut < n && widest < gap) return { _tag: "NoGap", largestGap: widest }
  const normal = new Float64Array(cut * n)
  for (let k = 0; k < cut; k++) {
    normal.set(vectors.subarray(order[k]! * n, (order[k]! + 1) * n), k * n)
  }
  return {
    _tag: "Gap",
    projection: projection(normal, cut, n, cut === n ? Number.POSITIVE_INFINITY : widest),
    smallestKept: size[cut - 1]!,
    tilt: 0,
  }
}

/**
 * `fromEigen` of the dense Hessian at `x`; for dimensions up to about a thousand. Throws InvalidInput on a bad point or bad options.
 */
export const fromHessian = (
  objective: Objective,
  x: Float64Array,
  options: {
    readonly gap?: number
    readonly zero?: number
    /** Default the strict kernels of this thread. */
    readonly kernels?: Kernels.Kernels
  } = {},
): GapTest => {
  const { kernels = Kernels.standard() } = options
  Require.vector("TangentProjection.fromHessian", "point", x, objective.dimension)
  const hessian = denseHessian(objective, x)
  return fromEigen(SymmetricEigen.eigen(hessian, objective.dimension, kernels), options)
}
