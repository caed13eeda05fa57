import * as Require from "@nonconvex/numerics/Require"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import { powerOfTwoNear } from "@nonconvex/numerics/Scaling"

/**
 * Linear measurements `<A_1, X>, ..., <A_n, X>` of a matrix X, all matrices `rows` x `columns` and row-major. `A` is the map from X to all
 * of them, and `A*` its adjoint.
 */
export interface Measurements {
  /** Name in error messages. */
  readonly name: string
  /** d_L of the paper. */
  readonly rows: number
  /** d_0 of the paper. */
  readonly columns: number
  /** Number n of measurements in the paper. */
  readonly count: number
  /**
   * The eigenvalue of `A A*` of each measurement, if the entries of X separate into blocks. No two measurements may share an
   * entry, unless both measure that entry only. It is the sum of squares of all measurements of the block. Absent if
   * measurements overlap otherwise.
   */
  readonly eigenvalues?: Float64Array
  /** `out_i = <A_i, X>`. */
  readonly apply: (x: Float64Array, out: Float64Array) => void
  /** `out = sum_i u_i A_i`. */
  readonly adjoint: (u: Float64Array, out: Float64Array) => void
  /**
   * `residual_k = <A_i, X> - targets_k` and `out = scale sum_k residual_k A_i`, where i is `indices[k]`, or k if `indices` is undefined,
   * for all measurements. Reads every measurement once.
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
  /**
   * The matrices by rows, read-only, if `residualAndAdjoint` equals `residualGradient` of strict kernels bit for bit; compiled steps read
   * them instead. Absent otherwise, as for measurements with another `residualAndAdjoint`.
   */
  readonly byRows?: (() => Float64Array) | undefined
  /** Kernels given for these measurements; all their computations use these or others of the same build. */
  readonly given: Kernels.Kernels
  /** Kernels for work on all measurements at every step: the given ones, or the same build on the measurements' own memory. */
  readonly kernels: Kernels.Kernels
  /**
   * Array in the memory of `kernels` if the measurements are also there, so that no step copies it; otherwise an ordinary
   * one.
   */
  readonly allocate: (length: number) => Float64Array
}

/** `<A_1, X>, ..., <A_n, X>` of a rows x columns matrix. */
export const measure = (measurements: Measurements, x: Float64Array): Float64Array => {
  Require.typed("measure", "x", x)
  const out = new Float64Array(measurements.count)
  measurements.apply(x, out)
  return out
}

/** Measurements and the power of two by which they were divided. */
export interface Normalised {
  readonly measurements: Measurements
  readonly scale: number
}

/**
 * The measurements rescaled so that the mean eigenvalue of `(1/n) sum vec(A_i) vec(A_i)'` is between 1/2 and 2; unchanged if it already is.
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
