/** How a private covariance transforms with its data, its units and its parameters: laws for any implementation. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { equivariance, monotonicity, padding, permutation, shift, units } from "./Symmetries.ts"
import { isotropy } from "./IsotropicNoise.ts"

export const laws: ReadonlyArray<Law<Subject>> = [
  equivariance,
  isotropy,
  units,
  padding,
  monotonicity,
  shift,
  permutation,
]
