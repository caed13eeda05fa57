/** What the paper prints and arithmetic refutes, each with its smallest counterexample. */
import type { Erratum } from "@nonconvex/evidence"
import { coefficient } from "./DysonCoefficientBeta.ts"
import { gap } from "./GapOfOneNorm.ts"
import { factor, rank } from "./RankAndRealPart.ts"
import { squared, vacuous } from "./SquaredMetricAndConstant.ts"
import { borrowed } from "./UpperTriangleNoise.ts"

export const errata: ReadonlyArray<Erratum> = [
  rank,
  factor,
  coefficient,
  gap,
  borrowed,
  squared,
  vacuous,
]
