/** The errata of the paper, in the order of the report. */
import type { Erratum } from "@nonconvex/evidence"
import { originFromDiagonal } from "./FactorisationBesideDiagonal.ts"
import { floorPastInverseSmoothness } from "./StronglyConvexFloor.ts"

export const errata: ReadonlyArray<Erratum> = [floorPastInverseSmoothness, originFromDiagonal]
