/** Claims of this package, in the order of the report. */
import type { Claim } from "@nonconvex/evidence"
import { auditOfRandomPairs } from "./AuditOfRandomPairs.ts"
import { auditOfReleases } from "./AuditOfReleases.ts"
import { calibration } from "./Calibration.ts"
import { calibrationInverse } from "./CalibrationInverse.ts"
import { certificateOfASpectrum } from "./CertificateOfASpectrum.ts"
import { clipping } from "./Clipping.ts"
import { complexConjugation } from "./ComplexConjugation.ts"
import { complexNoiseDoesNotHelp } from "./ComplexNoiseDoesNotHelp.ts"
import { componentsOfWideMatrices } from "./ComponentsOfWideMatrices.ts"
import { countBesideARelease } from "./CountBesideARelease.ts"
import { deltaByQuadrature } from "./DeltaByQuadrature.ts"
import { discreteGaussianLaw } from "./DiscreteGaussianLaw.ts"
import { discreteLaplaceLaw } from "./DiscreteLaplaceLaw.ts"
import { driftAndOverlap } from "./DriftAndOverlap.ts"
import { dysonCoefficient } from "./DysonCoefficient.ts"
import { dysonSymmetries } from "./DysonSymmetries.ts"
import { embedding } from "./Embedding.ts"
import { exactSensitivity } from "./ExactSensitivity.ts"
import { firstOrderError } from "./FirstOrderError.ts"
import { gapComparison } from "./GapComparison.ts"
import { gapDominance } from "./GapDominance.ts"
import { gapLawOfTwo } from "./GapLawOfTwo.ts"
import { gapTail } from "./GapTail.ts"
import { gauge } from "./Gauge.ts"
import { largestEigenvalueOfTheNoise } from "./LargestEigenvalueOfTheNoise.ts"
import { noMechanismIsMuchBetter } from "./NoMechanismIsMuchBetter.ts"
import { noiseDelivers } from "./NoiseDelivers.ts"
import { noiseMoments } from "./NoiseMoments.ts"
import { noiseOfReleases } from "./NoiseOfReleases.ts"
import { orderNeedsTwiceTheNorm } from "./OrderNeedsTwiceTheNorm.ts"
import { quantileOfNeighbours } from "./QuantileOfNeighbours.ts"
import { rankOfTheRealPart } from "./RankOfTheRealPart.ts"
import { realPartIsNoFurther } from "./RealPartIsNoFurther.ts"
import { regressionFromARelease } from "./RegressionFromARelease.ts"
import { releaseOnAGrid } from "./ReleaseOnAGrid.ts"
import { repulsionExponents } from "./RepulsionExponents.ts"
import { sensitivity } from "./Sensitivity.ts"
import { shrunkEigenvalue } from "./ShrunkEigenvalue.ts"
import { sinTheta } from "./SinTheta.ts"
import { statisticsOfNeighbours } from "./StatisticsOfNeighbours.ts"
import { spectralError } from "./SpectralError.ts"
import { targetIsPartOfItsRow } from "./TargetIsPartOfItsRow.ts"
import { truncation } from "./Truncation.ts"
import { upperTriangleSensitivity } from "./UpperTriangleSensitivity.ts"
import { weakMetric } from "./WeakMetric.ts"
import { weyl } from "./Weyl.ts"
import { zcdpConversions } from "./ZcdpConversions.ts"
import { laws } from "../laws/index.ts"

export const claims: ReadonlyArray<Claim> = [
  ...laws,
  sensitivity,
  upperTriangleSensitivity,
  truncation,
  realPartIsNoFurther,
  rankOfTheRealPart,
  embedding,
  complexConjugation,
  gauge,
  weyl,
  spectralError,
  sinTheta,
  certificateOfASpectrum,
  componentsOfWideMatrices,
  regressionFromARelease,
  orderNeedsTwiceTheNorm,
  gapComparison,
  dysonSymmetries,
  dysonCoefficient,
  calibration,
  calibrationInverse,
  zcdpConversions,
  deltaByQuadrature,
  noiseDelivers,
  releaseOnAGrid,
  clipping,
  exactSensitivity,
  targetIsPartOfItsRow,
  countBesideARelease,
  noiseOfReleases,
  noiseMoments,
  auditOfRandomPairs,
  auditOfReleases,
  gapLawOfTwo,
  gapDominance,
  gapTail,
  repulsionExponents,
  firstOrderError,
  complexNoiseDoesNotHelp,
  noMechanismIsMuchBetter,
  weakMetric,
  driftAndOverlap,
  discreteGaussianLaw,
  discreteLaplaceLaw,
  statisticsOfNeighbours,
  quantileOfNeighbours,
  largestEigenvalueOfTheNoise,
  shrunkEigenvalue,
]
