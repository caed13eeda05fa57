/** The affine space `<A_i, X> = b_i` through orthonormal rows: what every solver with exact constraints projects with. */
import { Kernels, SymmetricEigen, Vector } from "@nonconvex/numerics"
import type { Measurements } from "./Measurements.ts"
import { measure } from "./Measurements.ts"
import { nullTolerance } from "./Matrix.ts"

export interface Constraints {
  /** Independent measurements among all. */
  readonly rank: number
  /** The interpolant of least Frobenius norm, or the least squares solution of least norm where there is none. */
  readonly minimumNorm: Float64Array
  /** `|A(X) - b| / |b|` at that point: how far the measurements contradict each other. */
  readonly inconsistency: number
  /** z becomes the nearest interpolant. */
  readonly project: (z: Float64Array) => void
}

/** Orthonormal rows that span those of A (count x size), and the targets of the same affine space for them. */
interface Rows {
  readonly basis: Float64Array
  readonly targets: Float64Array
}

/** Kernels whose memory takes the copies of two such matrices and of the eigenvectors between them. */
const kernelsFor = (count: number, size: number): Kernels.Kernels => {
  const shared = Kernels.strict()
  const bytes = 8 * (2 * count * size + 2 * Math.min(count, size) ** 2) + 2 ** 22
  return bytes <= shared.arena.capacity / 2 ? shared : shared.withCapacity(bytes)
}

/** By the eigenvectors of the smaller of A A' and A' A. */
const orthonormal = (
  a: Float64Array,
  b: Float64Array,
  size: number,
  kernels: Kernels.Kernels,
): Rows => {
  const count = b.length
  const wide = count <= size
  const small = wide ? count : size
  const gram = new Float64Array(small * small)
  kernels.syrk(!wide, small, wide ? size : count, 1, a, 0, gram)
  const { values, vectors } = SymmetricEigen.eigen(gram, small)
  const first = values.findIndex((value) => value > nullTolerance * values[small - 1]!)
  const rank = first < 0 ? 0 : small - first
  const kept = vectors.slice((small - rank) * small)
  const targets = new Float64Array(rank)
  if (rank === 0) return { basis: new Float64Array(0), targets }
  if (!wide) {
    const moved = new Float64Array(size)
    kernels.gemv(true, count, size, 1, a, b, 0, moved)
    kernels.gemv(false, rank, size, 1, kept, moved, 0, targets)
    return { basis: kept, targets: targets.map((t, k) => t / values[small - rank + k]!) }
  }
  for (let k = 0; k < rank; k++) {
    Vector.scale(
      1 / Math.sqrt(values[small - rank + k]!),
      kept.subarray(k * small, (k + 1) * small),
    )
  }
  const basis = new Float64Array(rank * size)
  kernels.gemm(false, false, rank, size, count, 1, kept, a, 0, basis)
  kernels.gemv(false, rank, count, 1, kept, b, 0, targets)
  return { basis, targets }
}

const general = (
  measurements: Measurements,
  targets: Float64Array,
): Omit<Constraints, "inconsistency"> => {
  const size = measurements.rows * measurements.columns
  const kernels = kernelsFor(measurements.count, size)
  const once = orthonormal(measurements.matrices(), targets, size, kernels)
  // the square root of the Gram matrix's condition is lost the first time; the second time there is none to lose
  const { basis, targets: b } =
    once.targets.length < targets.length || measurements.count > size || once.targets.length === 0
      ? once
      : orthonormal(once.basis, once.targets, size, kernels)
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

/** Where the rows do not overlap, their norms are all that there is to know. */
const separate = (
  measurements: Measurements,
  targets: Float64Array,
): Omit<Constraints, "inconsistency"> => {
  const { count } = measurements
  const size = measurements.rows * measurements.columns
  const ones = new Float64Array(count).fill(1)
  const sum = new Float64Array(size)
  measurements.adjoint(ones, sum)
  // with disjoint rows, <A_i, sum_k A_k> = |A_i|^2
  const squares = measure(measurements, sum)
  const inverse = squares.map((square) => (square > 0 ? 1 / square : 0))
  const minimumNorm = new Float64Array(size)
  measurements.adjoint(
    targets.map((b, i) => b * inverse[i]!),
    minimumNorm,
  )
  const residual = new Float64Array(count)
  const move = new Float64Array(size)
  return {
    rank: squares.filter((square) => square > 0).length,
    minimumNorm,
    project: (z) => {
      measurements.apply(z, residual)
      for (let i = 0; i < count; i++) residual[i] = (targets[i]! - residual[i]!) * inverse[i]!
      measurements.adjoint(residual, move)
      Vector.axpy(1, move, z)
    },
  }
}

export const constraints = (measurements: Measurements, targets: Float64Array): Constraints => {
  const space = measurements.disjoint
    ? separate(measurements, targets)
    : general(measurements, targets)
  const misfit = measure(measurements, space.minimumNorm)
  Vector.axpy(-1, targets, misfit)
  const scale = Vector.norm(targets)
  return { ...space, inconsistency: scale === 0 ? 0 : Vector.norm(misfit) / scale }
}

/** Measurements that contradict each other by more than this have no interpolant. */
export const consistencyTolerance = 1e-8
