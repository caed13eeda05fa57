/** Linear measurements of a matrix: `<A_i, X>` for i below `count`, with X and all A_i `rows` x `columns`, row-major. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import { powerOfTwoNear } from "@nonconvex/numerics/Scaling"

export interface Measurements {
  readonly name: string
  /** d_L of the paper. */
  readonly rows: number
  /** d_0 of the paper. */
  readonly columns: number
  /** n of the paper. */
  readonly count: number
  /**
   * Where no entry of X is seen by two measurements, unless both see only that one: the eigenvalue of A A* on the block of each
   * measurement, which is the sum of squares of those that see its entries. Absent where measurements overlap.
   */
  readonly eigenvalues?: Float64Array
  /** `out_i = <A_i, X>`. */
  readonly apply: (x: Float64Array, out: Float64Array) => void
  /** `out = sum_i u_i A_i`. */
  readonly adjoint: (u: Float64Array, out: Float64Array) => void
  /**
   * `residual_k = <A_i, X> - targets_k` and `out = scale sum_k residual_k A_i`, where i is `indices[k]`, or k where that is
   * undefined and all are meant; every measurement is read once.
   */
  readonly residualAndAdjoint: (
    indices: Uint32Array | undefined,
    x: Float64Array,
    targets: Float64Array,
    scale: number,
    residual: Float64Array,
    out: Float64Array,
  ) => void
  /** `out = (1/n) sum_i A_i H A_i'` (rows x rows) for a symmetric H (columns x columns). */
  readonly leftMoment: (h: Float64Array, out: Float64Array) => void
  /** `out = (1/n) sum_i A_i' G A_i` (columns x columns) for a symmetric G (rows x rows). */
  readonly rightMoment: (g: Float64Array, out: Float64Array) => void
  /** The measurements `P A_i Q` for symmetric P (rows x rows) and Q (columns x columns). */
  readonly sandwiched: (p: Float64Array, q: Float64Array) => Measurements
  /** `|A_i|_F` of every measurement. */
  readonly norms: () => Float64Array
  /** The measurements `factors_i A_i`. */
  readonly scaled: (factors: Float64Array) => Measurements
  /** All A_i one after the other. */
  readonly matrices: () => Float64Array
  /** Kernels to compute with, and memory in which they work without copies where the measurements lie there too. */
  readonly kernels: Kernels.Kernels
  readonly allocate: (length: number) => Float64Array
}

/** `<A_i, X>` of every measurement. */
export const measure = (measurements: Measurements, x: Float64Array): Float64Array => {
  const out = new Float64Array(measurements.count)
  measurements.apply(x, out)
  return out
}

/** Measurements and the power of two that was divided out of them. */
export interface Normalised {
  readonly measurements: Measurements
  readonly scale: number
}

/**
 * The same measurements in units of their own: the mean eigenvalue of `(1/n) sum vec(A_i) vec(A_i)'` is between 1/2 and 2. Where it
 * is already they are returned as they are.
 */
export const normalised = (measurements: Measurements): Normalised => {
  const { columns, count, rows } = measurements
  const mean = Vector.norm(measurements.norms()) / Math.sqrt(count * rows * columns)
  const scale = powerOfTwoNear(Math.SQRT2 * mean)
  return {
    measurements:
      scale === 1 ? measurements : measurements.scaled(new Float64Array(count).fill(1 / scale)),
    scale,
  }
}
