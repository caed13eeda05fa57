/** Options of a certificate: tolerances and budgets. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"

/** The parts of a certificate, in their order. */
export const phases = ["Hessian", "spectrum", "residual", "descent", "bottom"] as const
export type Phase = (typeof phases)[number]

/** Limits of one Lanczos search. */
export interface Search {
  /** Maximum number of products with the Hessian. */
  readonly products: number
  /** Maximum number of vectors in the basis, at least 4; the search stores three times as many. */
  readonly vectors: number
}

/** Options of `certify`. */
export interface CertifyOptions {
  /** Largest loss above the minimum, eps of the theorems, in units of the loss. */
  readonly lossTolerance: number
  /** Largest flatness residual, eps' of the theorems; default `sqrt(lossTolerance)`, as in the theorems. */
  readonly residualTolerance?: number
  readonly seed: Seed.Seed
  /** Smallest ratio of the eigenvalues above and below the cut; default 1000. */
  readonly gap?: number
  /** Bound on eigenvalues below the cut, or in the valley without a gap, relative to the largest; default 1e-5. */
  readonly zero?: number
  /** Largest dimension in which the whole spectrum is computed; default 1000. */
  readonly dense?: number
  /** In larger dimensions, the maximum number of rows of a Gauss-Newton factor that is searched for a gap; default 2000. */
  readonly rows?: number
  /** Hessian products for the trace in larger dimensions; default 60. */
  readonly products?: number
  /** Antithetic pairs for the residual in larger dimensions; default 100. */
  readonly pairs?: number
  /** Gradients for the descent, if the point alone is inconclusive; default 5000. With 0 there is no descent. */
  readonly descent?: number
  /** Limits of each Lanczos search in larger dimensions; the default depends on the number of eigenvalues. */
  readonly search?: Search
  /** Skips the comparison of the products with gradients, for products that `checkProducts` has checked; default false. */
  readonly isChecked?: boolean
  /** Called at the start of each phase. */
  readonly onPhase?: (phase: Phase) => void
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}
