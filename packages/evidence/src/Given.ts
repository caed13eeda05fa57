import type * as Kernels from "@nonconvex/numerics/Kernels"

/** Context of trials, rows and operations: they take kernels from here, and never by hand. */
export interface Given {
  readonly kernels: Kernels.Kernels
}
