import type { Claim } from "@nonconvex/evidence"
import { laws } from "../laws/index.ts"
import { constantsOfBounds, dimensionOfLowRank } from "./Constants.ts"
import { batchNoise, labelNoiseDrift, noiseFloor } from "./NoiseAtZeroLoss.ts"
import { errorCone, isometrySandwich, nuclearDistortion } from "./RankOneIsometry.ts"
import { flattestCorner, nuclearNormFactor } from "./FlattestInterpolants.ts"
import { labelNoiseSteps, lossOfABatch } from "./LabelNoiseSteps.ts"
import * as LeastSharpness from "./LeastSharpness.ts"
import { lowRankDistance, recoveryRate } from "./Recovery.ts"
import { noisyRelisting, noisyReversal, noisyRotations } from "./NoisyRotationsReversalRelisting.ts"
import { sharpnessGradient } from "./SharpnessGradient.ts"
import { singleMeasurement } from "./SingleMeasurement.ts"
import { startingPoints } from "./Starts.ts"
import { traceNormSubgradient, twoLayerTraceNorm } from "./TwoLayerTraceNorm.ts"
import { contradictions, unitsOfTargets } from "./UnitsAndContradictions.ts"
import { weightedBalance } from "./WeightedBalance.ts"

/** The laws against the implementation of this package, and what is claimed beyond them. */
export const claims: ReadonlyArray<Claim> = [
  ...laws,
  sharpnessGradient,
  LeastSharpness.leastWeightDecay,
  LeastSharpness.depthIndependence,
  LeastSharpness.leastSharpnessHomogeneity,
  twoLayerTraceNorm,
  singleMeasurement,
  LeastSharpness.leastSharpnessInvariance,
  LeastSharpness.leastSharpnessSandwich,
  isometrySandwich,
  nuclearNormFactor,
  nuclearDistortion,
  errorCone,
  lowRankDistance,
  LeastSharpness.equalLayers,
  weightedBalance,
  recoveryRate,
  flattestCorner,
  noisyRotations,
  noisyReversal,
  noisyRelisting,
  batchNoise,
  labelNoiseDrift,
  noiseFloor,
  constantsOfBounds,
  dimensionOfLowRank,
  startingPoints,
  lossOfABatch,
  labelNoiseSteps,
  traceNormSubgradient,
  unitsOfTargets,
  contradictions,
]
