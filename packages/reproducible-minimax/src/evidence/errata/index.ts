/** Where the paper errs, in the order of the report. */
import type { Erratum } from "@nonconvex/evidence"
import { correctionStep } from "./CorrectionStep.ts"
import { regularisedConvexity } from "./RegularisedConvexity.ts"

/** The statements of the proofs that are false as printed. */
export const errata: ReadonlyArray<Erratum> = [regularisedConvexity, correctionStep]
