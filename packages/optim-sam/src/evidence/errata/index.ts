/** The errata of the paper, in the order of the report. */
import type { Erratum } from "@nonconvex/evidence"
import { factorisationSamReachesOriginBesideDiagonal } from "./FactorisationSamReachesOriginBesideDiagonal.ts"
import { stronglyConvexFloorPastInverseSmoothness } from "./StronglyConvexFloorPastInverseSmoothness.ts"

export const errata: ReadonlyArray<Erratum> = [
  stronglyConvexFloorPastInverseSmoothness,
  factorisationSamReachesOriginBesideDiagonal,
]
