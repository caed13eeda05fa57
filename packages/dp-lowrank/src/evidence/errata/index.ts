/** Errata: printed statements that arithmetic refutes, each with its smallest counterexample. The proceedings were read in full. */
import type { Erratum } from "@nonconvex/evidence"
import { dysonCoefficientBeta } from "./DysonCoefficientBeta.ts"
import { gapOfOneNorm } from "./GapOfOneNorm.ts"
import { rankOfTheOutput } from "./RankOfTheOutput.ts"
import { squaredWeakMetric } from "./SquaredWeakMetric.ts"

export const errata: ReadonlyArray<Erratum> = [
  rankOfTheOutput,
  dysonCoefficientBeta,
  gapOfOneNorm,
  squaredWeakMetric,
]
