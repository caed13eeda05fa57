/** The claims of this package, in the order of the report. */
import type { Claim } from "@nonconvex/evidence"
import { algorithm1OfItsParts } from "./Algorithm1OfItsParts.ts"
import { algorithm2OfItsParts } from "./Algorithm2OfItsParts.ts"
import { algorithm3OfItsParts } from "./Algorithm3OfItsParts.ts"
import { certifiedDistance } from "./CertifiedDistance.ts"
import { certifiedRunsAgree } from "./CertifiedRunsAgree.ts"
import { constantsFollowFromLemmas } from "./ConstantsFollowFromLemmas.ts"
import { correctedPoint } from "./CorrectedPoint.ts"
import { divergenceKeepsTheLastPoint } from "./DivergenceKeepsTheLastPoint.ts"
import { equilibriumInAnyUnits } from "./EquilibriumInAnyUnits.ts"
import { extragradientResidual } from "./ExtragradientResidual.ts"
import { float32PublishesTheSameBits } from "./Float32PublishesTheSameBits.ts"
import { noiseKeepsRunsApart } from "./NoiseKeepsRunsApart.ts"
import { onlyEquilibrium } from "./OnlyEquilibrium.ts"
import { plannedGap } from "./PlannedGap.ts"
import { projectedGradientResidual } from "./ProjectedGradientResidual.ts"
import { proximalMapOfAQuadratic } from "./ProximalMapOfAQuadratic.ts"
import { publishedGap } from "./PublishedGap.ts"
import { regularisationPath } from "./RegularisationPath.ts"
import { regularisationVanishes } from "./RegularisationVanishes.ts"
import { regularisedConstants } from "./RegularisedConstants.ts"
import { regularisedPointOfAGame } from "./RegularisedPointOfAGame.ts"
import { roundingErrorsAreBounded } from "./RoundingErrorsAreBounded.ts"
import { sameInputSameBits } from "./SameInputSameBits.ts"
import { stochasticOracle } from "./StochasticOracle.ts"
import { viResidualClaim } from "./ViResidual.ts"
import { laws } from "../laws/index.ts"

/** Claims: our implementation obeys the laws, and statements about our implementation only. */
export const claims: ReadonlyArray<Claim> = [
  ...laws,
  algorithm1OfItsParts,
  algorithm2OfItsParts,
  algorithm3OfItsParts,
  extragradientResidual,
  projectedGradientResidual,
  divergenceKeepsTheLastPoint,
  constantsFollowFromLemmas,
  noiseKeepsRunsApart,
  proximalMapOfAQuadratic,
  correctedPoint,
  viResidualClaim,
  stochasticOracle,
  regularisationPath,
  regularisationVanishes,
  regularisedConstants,
  certifiedDistance,
  certifiedRunsAgree,
  plannedGap,
  publishedGap,
  sameInputSameBits,
  roundingErrorsAreBounded,
  float32PublishesTheSameBits,
  equilibriumInAnyUnits,
  onlyEquilibrium,
  regularisedPointOfAGame,
]
