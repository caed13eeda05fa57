import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import { powerOfTwoNear } from "@nonconvex/numerics/Scaling"
import { independentRows } from "./IndependentRows.ts"
import { measure, type Measurements } from "../measurements/Measurements.ts"

/** Affine space of the matrices X with `<A_i, X> = b_i`, and the projection onto it. */
export interface Constraints {
  /** Number of independent measurements. */
  readonly rank: number
  /**
   * Interpolant of least Frobenius norm, or the least-squares solution of least norm if there is no interpolant. The
   * measurements are scaled to norms between 1 and 2.
   */
  readonly minimumNorm: Float64Array
  /** `|A(X) - b| / |b|` at that point: the degree to which the measurements contradict each other. */
  readonly inconsistency: number
  /** `largestResidual` of a matrix. */
  readonly residual: (x: Float64Array) => number
  /** Moves z to the nearest interpolant, in place. */
  readonly project: (z: Float64Array) => void
}

/** Bytes for copies of two such matrices and of the eigenvectors between them. */
const bytesFor = (count: number, size: number): number =>
  8 * (2 * count * (size + 1) + 2 * Elementary.square(Math.min(count, size)))

/** Powers of two that scale the norms of the measurements to between 1 and 2 exactly. */
const unitFactors = (norms: Float64Array): Float64Array =>
  norms.map((norm) => 1 / powerOfTwoNear(norm))

type Space = Pick<Constraints, "rank" | "minimumNorm" | "project">

/** Projection for arbitrary measurements, through orthonormal rows that span them. */
const general = (
  measurements: Measurements,
  targets: Float64Array,
  factors: Float64Array,
): Space => {
  const { count } = measurements
  const size = measurements.rows * measurements.columns
  const kernels = Kernels.withRoom(measurements.given, bytesFor(count, size))
  const a = measurements.matrices()
  factors.forEach((factor, i) => {
    Vector.scale(factor, a.subarray(i * size, (i + 1) * size))
  })
  const unit = { a, b: targets.map((b, i) => b * factors[i]!) }
  const { a: basis, b } = independentRows(unit, size, kernels)
  const rank = b.length
  const minimumNorm = new Float64Array(size)
  if (rank > 0) kernels.gemv(true, rank, size, 1, basis, b, 0, minimumNorm)
  const residual = new Float64Array(rank)
  return {
    rank,
    minimumNorm,
    project: (z) => {
      if (rank === 0) return
      residual.set(b)
      kernels.gemv(false, rank, size, -1, basis, z, 1, residual)
      kernels.gemv(true, rank, size, 1, basis, residual, 1, z)
    },
  }
}

/** Projection for measurements that are disjoint, or that only repeat an entry: the eigenvalues of their blocks suffice. */
const separate = (
  unit: Measurements,
  eigenvalues: Float64Array,
  targets: Float64Array,
  factors: Float64Array,
): Space => {
  const size = unit.rows * unit.columns
  const b = targets.map((target, i) => target * factors[i]!)
  const inverse = eigenvalues.map((value) => (value > 0 ? 1 / value : 0))
  const minimumNorm = new Float64Array(size)
  unit.adjoint(
    b.map((target, i) => target * inverse[i]!),
    minimumNorm,
  )
  const residual = new Float64Array(unit.count)
  const move = new Float64Array(size)
  // each block counts once, however many measurements it has
  const rank = unit.norms().reduce((sum, norm, i) => sum + norm * norm * inverse[i]!, 0)
  return {
    rank: Math.round(rank),
    minimumNorm,
    project: (z) => {
      unit.apply(z, residual)
      for (let i = 0; i < unit.count; i++) residual[i] = (b[i]! - residual[i]!) * inverse[i]!
      unit.adjoint(residual, move)
      Vector.axpy(1, move, z)
    },
  }
}

/** The affine space of these measurements, each relative to its own norm. */
export const constraints = (measurements: Measurements, targets: Float64Array): Constraints => {
  const norms = measurements.norms()
  const factors = unitFactors(norms)
  const unit = measurements.eigenvalues === undefined ? undefined : measurements.scaled(factors)
  const space =
    unit?.eigenvalues === undefined
      ? general(measurements, targets, factors)
      : separate(unit, unit.eigenvalues, targets, factors)
  const misfit = measure(measurements, space.minimumNorm)
  Vector.axpy(-1, targets, misfit)
  const scale = Vector.norm(targets)
  return {
    ...space,
    inconsistency: scale === 0 ? 0 : Vector.norm(misfit) / scale,
    residual: (x) => largestResidual(measurements, targets, x, norms),
  }
}

/**
 * Largest `|<A_i, X> - b_i|`, each relative to `|b_i|`: a sum over all measurements would hide a contradiction in small ones. If
 * `1e-4 |A_i| |X|` is larger, it is relative to that, because rounding alone is 1e-12 of it.
 */
export const largestResidual = (
  measurements: Measurements,
  targets: Float64Array,
  x: Float64Array,
  norms = measurements.norms(),
): number => {
  const size = Vector.norm(x)
  return measure(measurements, x).reduce((worst, value, i) => {
    const target = targets[i]!
    const own = Math.max(Math.abs(target), 1e-4 * norms[i]! * size)
    return own === 0 ? worst : Math.max(worst, Math.abs(value - target) / own)
  }, 0)
}

/**
 * Measurements contradict each other if their `largestResidual` at the least-squares solution exceeds this: no matrix has them
 * all.
 */
export const consistencyTolerance = 1e-8
