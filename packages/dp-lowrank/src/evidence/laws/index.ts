/** How a private covariance transforms with its data, its units and its parameters: laws for any implementation. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { equivariance, shift } from "./EquivarianceAndShift.ts"
import { isotropy } from "./IsotropicNoise.ts"
import { permutation } from "./Permutations.ts"
import { monotonicity, padding, units } from "./UnitsFeaturesAndPrivacy.ts"

export const laws: ReadonlyArray<Law<Subject>> = [
  equivariance,
  isotropy,
  units,
  padding,
  monotonicity,
  shift,
  permutation,
]
