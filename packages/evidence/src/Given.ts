import type * as Kernels from "@nonconvex/numerics/Kernels"

/** Context of trials, rows and operations, from which they take their kernels. */
export interface Given {
  readonly kernels: Kernels.Kernels
}
