/** Options of a certificate: its tolerances, and the work that it may take. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"

/** The parts of a certificate, in their order. */
export const phases = ["Hessian", "spectrum", "residual", "way down", "bottom"] as const
export type Phase = (typeof phases)[number]

/** Limits of one Lanczos search. */
export interface Search {
  /** Products with the Hessian. */
  readonly products: number
  /** Vectors of its basis, 4 at least; it holds three times as many. */
  readonly vectors: number
}

/** Options of `certify`. */
export interface CertifyOptions {
  /** Largest loss above the minimum, eps of the theorems, in units of the loss. */
  readonly lossTolerance: number
  /** Largest flatness residual, eps' of the theorems; default `sqrt(lossTolerance)`, as in the theorems. */
  readonly residualTolerance?: number
  readonly seed: Seed.Seed
  /** Smallest factor between the eigenvalues above and below the cut; default 1000. */
  readonly gap?: number
  /** Bound on eigenvalues below the cut, or in the valley without a gap, relative to the largest; default 1e-5. */
  readonly zero?: number
  /** Up to this dimension the spectrum is computed in full; default 1000. */
  readonly dense?: number
  /** Beyond it a Gauss-Newton factor of up to so many rows is searched for a gap; default 2000. */
  readonly rows?: number
  /** Products for the trace where the dimension is larger; default 60. */
  readonly products?: number
  /** Antithetic pairs for the residual where the dimension is larger; default 100. */
  readonly pairs?: number
  /** Gradients for the way down, where the point alone decides nothing; default 5000. With 0 none is taken. */
  readonly descent?: number
  /** Limits of each Lanczos search in larger dimensions; default by the number of eigenvalues. */
  readonly search?: Search
  /** Skips the comparison of the products with gradients, for products that `checkProducts` has checked; default false. */
  readonly isChecked?: boolean
  /** Called with the next phase. */
  readonly onPhase?: (phase: Phase) => void
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}
