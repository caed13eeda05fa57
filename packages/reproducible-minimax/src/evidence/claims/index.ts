/** The claims of this package, in the order of the report. */
import type { Claim } from "@nonconvex/evidence"
import { laws } from "../laws/index.ts"
import { algorithmOne, algorithmThree, algorithmTwo, residualOfStep } from "./Assembly.ts"
import {
  agreement,
  certifiedDistance,
  correctedPoint,
  plannedGap,
  publishedGap,
  repeats,
  viResiduals,
} from "./Certificates.ts"
import { constantsOfTheorems } from "./Constants.ts"
import { formulasInPowers } from "./Formulas.ts"
import { knownEquilibrium, nearbyPoint, units } from "./MatrixGames.ts"
import { noiseKeepsApart } from "./NoiseKeepsApart.ts"
import { meter, published, unbiased } from "./Oracles.ts"
import { assumptions, belowNoise, impossible, invalidInput, refused } from "./Refusals.ts"
import { closedFormContraction, constants, limit, monotonePath } from "./RegularisationPath.ts"
import { divergence, residualOfGradient } from "./States.ts"

/** That our implementation obeys the laws, and what is claimed of ours alone. */
export const claims: ReadonlyArray<Claim> = [
  ...laws,
  algorithmOne,
  algorithmTwo,
  algorithmThree,
  residualOfStep,
  residualOfGradient,
  divergence,
  constantsOfTheorems,
  noiseKeepsApart,
  formulasInPowers,
  closedFormContraction,
  correctedPoint,
  viResiduals,
  unbiased,
  monotonePath,
  limit,
  constants,
  certifiedDistance,
  agreement,
  plannedGap,
  publishedGap,
  impossible,
  repeats,
  meter,
  published,
  refused,
  invalidInput,
  assumptions,
  belowNoise,
  units,
  knownEquilibrium,
  nearbyPoint,
]
