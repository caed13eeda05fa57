import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Floats } from "./Model.ts"
import type { NtkArchitecture } from "./NtkArchitecture.ts"

/** Architecture and samples of a network in the NTK parametrisation. */
export interface NtkOptions<A extends Floats> {
  readonly architecture: NtkArchitecture
  /** One row per sample; all arrays of the network have the same element type. Stored by reference, never written. */
  readonly features: A
  /** Parameters at which the gates are frozen, which makes a two-layer network a quadratic model; see `frozenGates`. */
  readonly gatesAt?: A
  /** Default `Kernels.standard()`. */
  readonly kernels?: Kernels.Kernels
}
