import type { Descend } from "./internal/Descend.ts"
import type { Constants } from "./Constants.ts"
import type { Sampler } from "./Sampler.ts"

/** A differentiable function of `dimension` real variables, evaluated without allocation. Two members suffice; the others are optional. */
export interface Objective {
  readonly dimension: number
  /** Name for errors and reports. */
  readonly name?: string | undefined
  /** Exact constants: its smoothness, its minimum. */
  readonly constants?: Constants | undefined
  /**
   * Precision to which values and gradients are rounded; default float64. In float32, finite differences with steps of 1e-5
   * measure only rounding.
   */
  readonly precision?: "float32"
  /** Returns f(x) and writes the gradient at `x` into `gradient` (length `dimension`). Keeps neither array. */
  valueAndGradient(x: Float64Array, gradient: Float64Array): number
  /** Writes H(x) v into `out`. If absent, `HessianVector.of` uses central differences of the gradient. */
  readonly hessianVector?: (x: Float64Array, v: Float64Array, out: Float64Array) => void
  /** tr H(x), if a formula gives it exactly. */
  readonly hessianTrace?: HessianTrace
  /** The Gauss-Newton matrix, where the objective is a loss of predictions. */
  readonly gaussNewton?: GaussNewton
  /**
   * Many steps of descent in one call. An objective with another gradient must drop it: `{ ...objective, valueAndGradient,
   * descend: undefined }`.
   */
  readonly descend?: Descend | undefined
}

/** Objective with a name and known constants, like every objective of this package. */
export interface Described extends Objective {
  readonly name: string
  readonly constants: Constants
}

/** The exact trace of the Hessian, and its gradient. */
interface HessianTrace {
  readonly value: (x: Float64Array) => number
  /** Writes grad tr H at `x`; for a piecewise linear network, that of the piece. */
  readonly gradient: (x: Float64Array, out: Float64Array) => void
}

/** A factor A of the Gauss-Newton matrix `A' A`: the Hessian without the curvature of the predictions. */
export interface GaussNewton {
  readonly rows: number
  /** Writes A at `x`, row-major, `rows` x `dimension`. */
  readonly factor: (x: Float64Array, out: Float64Array) => void
  /** tr A' A and the rest of the curvature, where they take less than the factor. */
  readonly split?: {
    readonly trace: (x: Float64Array) => number
    /** `v' (H - A' A) v`, at the cost of a Hessian-vector product. */
    readonly rest: (x: Float64Array, v: Float64Array) => number
  }
}

/** Objective with a loss for every batch of its `size` samples; its own value is the loss of all of them. */
export interface BatchLoss extends Objective {
  readonly size: number
  /**
   * True if the loss of a batch is not the mean of independently computed sample losses. In that case no sample has its own
   * gradient, and batches of different sizes are different functions.
   */
  readonly couplesSamples?: boolean
  /** Returns the mean loss over the samples listed in `indices` and writes its gradient. */
  batchValueAndGradient(indices: Uint32Array, x: Float64Array, gradient: Float64Array): number
  /** Writes the product of v and the Hessian of the mean loss over the samples listed in `indices`. */
  readonly batchHessianVector?: (
    indices: Uint32Array,
    x: Float64Array,
    v: Float64Array,
    out: Float64Array,
  ) => void
}

/** An objective that is the mean of `size` sample losses, with single samples and parts of batches. */
export interface FiniteSum extends BatchLoss {
  readonly couplesSamples?: false
}

/** An objective that changes from step to step; every evaluation between two calls of `advance` sees the same one. */
export interface Stochastic extends Objective {
  /** State that `advance` changes, as data for snapshots. */
  readonly sampler: Sampler
  advance(): void
}
