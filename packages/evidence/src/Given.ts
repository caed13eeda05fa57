import type * as Kernels from "@nonconvex/numerics/Kernels"

/** What trials, rows and operations compute with: they take kernels from here, and never by hand. */
export interface Given {
  readonly kernels: Kernels.Kernels
}
