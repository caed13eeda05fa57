/** Errata of the paper, in the order of the report: statements of its proofs that are false as printed. */
import type { Erratum } from "@nonconvex/evidence"
import { correctionStepOfAlgorithms2And3 } from "./CorrectionStepOfAlgorithms2And3.ts"
import { regularisedObjectiveIsAsConvexAsSmooth } from "./RegularisedObjectiveIsAsConvexAsSmooth.ts"

export const errata: ReadonlyArray<Erratum> = [
  regularisedObjectiveIsAsConvexAsSmooth,
  correctionStepOfAlgorithms2And3,
]
