/** Equivariance of a private covariance in its data, units and parameters: laws for any implementation. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { isotropicNoise } from "./IsotropicNoise.ts"
import { morePrivacyMoreNoise } from "./MorePrivacyMoreNoise.ts"
import { orthogonalEquivariance } from "./OrthogonalEquivariance.ts"
import { permutations } from "./Permutations.ts"
import { shiftOfTheSpectrum } from "./ShiftOfTheSpectrum.ts"
import { unitsOfTheRows } from "./UnitsOfTheRows.ts"
import { zeroFeaturesCostNothing } from "./ZeroFeaturesCostNothing.ts"

export const laws: ReadonlyArray<Law<Subject>> = [
  orthogonalEquivariance,
  isotropicNoise,
  unitsOfTheRows,
  zeroFeaturesCostNothing,
  morePrivacyMoreNoise,
  shiftOfTheSpectrum,
  permutations,
]
