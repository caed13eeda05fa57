/** The claims of this package, in the order of the report. */
import type { Claim } from "@nonconvex/evidence"
import { laws } from "../laws/index.ts"
import * as Family from "./AsamPNormUnified.ts"
import { definitionOfTheFamily, tinyGradients } from "./Definitions.ts"
import * as Grouped from "./MSam.ts"
import { boundsFromOneStep } from "./Recursions.ts"

/** That SAM and USAM obey the laws, and what is claimed of the others in the family. */
export const claims: ReadonlyArray<Claim> = [
  ...laws,
  Family.adaptiveRescaling,
  Family.adaptiveMaximiser,
  Family.pNormMaximiser,
  Family.unifiedInterpolates,
  Grouped.groupedDefinition,
  Grouped.groupedPermutation,
  Grouped.groupedDuplication,
  Grouped.groupedWhole,
  definitionOfTheFamily,
  tinyGradients,
  boundsFromOneStep,
]
