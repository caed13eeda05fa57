import type { Claim } from "@nonconvex/evidence"
import { batchNoiseDoesNothing } from "./BatchNoiseDoesNothing.ts"
import { constantsOfBounds } from "./ConstantsOfBounds.ts"
import { depthIndependence } from "./DepthIndependence.ts"
import { dimensionOfLowRank } from "./DimensionOfLowRank.ts"
import { equalLayersAtTheFlattest } from "./EqualLayersAtTheFlattest.ts"
import { errorCone } from "./ErrorCone.ts"
import { flattestCorner } from "./FlattestCorner.ts"
import { isometrySandwich } from "./IsometrySandwich.ts"
import { labelNoiseDrift } from "./LabelNoiseDrift.ts"
import { labelNoiseSteps } from "./LabelNoiseSteps.ts"
import { leastSharpnessHomogeneity } from "./LeastSharpnessHomogeneity.ts"
import { leastSharpnessInvariance } from "./LeastSharpnessInvariance.ts"
import { leastSharpnessSandwich } from "./LeastSharpnessSandwich.ts"
import { leastWeightDecay } from "./LeastWeightDecay.ts"
import { lossOfABatch } from "./LossOfABatch.ts"
import { lowRankDistance } from "./LowRankDistance.ts"
import { noiseFloor } from "./NoiseFloor.ts"
import { noisyRelisting } from "./NoisyRelisting.ts"
import { noisyReversal } from "./NoisyReversal.ts"
import { noisyRotations } from "./NoisyRotations.ts"
import { nuclearDistortion } from "./NuclearDistortion.ts"
import { nuclearNormFactor } from "./NuclearNormFactor.ts"
import { recoveryRate } from "./RecoveryRate.ts"
import { sharpnessGradient } from "./SharpnessGradient.ts"
import { singleMeasurement } from "./SingleMeasurement.ts"
import { startingPoints } from "./StartingPoints.ts"
import { traceNormSubgradient } from "./TraceNormSubgradient.ts"
import { twoLayerTraceNorm } from "./TwoLayerTraceNorm.ts"
import { unitsOfTargets } from "./UnitsOfTargets.ts"
import { weightedBalance } from "./WeightedBalance.ts"
import { laws } from "../laws/index.ts"

/** The laws against the implementation of this package, and further claims. */
export const claims: ReadonlyArray<Claim> = [
  ...laws,
  sharpnessGradient,
  leastWeightDecay,
  depthIndependence,
  leastSharpnessHomogeneity,
  twoLayerTraceNorm,
  singleMeasurement,
  leastSharpnessInvariance,
  leastSharpnessSandwich,
  isometrySandwich,
  nuclearNormFactor,
  nuclearDistortion,
  errorCone,
  lowRankDistance,
  equalLayersAtTheFlattest,
  weightedBalance,
  recoveryRate,
  flattestCorner,
  noisyRotations,
  noisyReversal,
  noisyRelisting,
  batchNoiseDoesNothing,
  labelNoiseDrift,
  noiseFloor,
  constantsOfBounds,
  dimensionOfLowRank,
  startingPoints,
  lossOfABatch,
  labelNoiseSteps,
  traceNormSubgradient,
  unitsOfTargets,
]
