/** Every law of this package, to run against your own implementation, and the claims that ours obeys them. */
import type { Claim, Erratum, Law } from "@nonconvex/evidence"
import { flattestCorner } from "./claims/Corner.ts"
import {
  depthIndependence,
  isotropicAttained,
  isotropicLowerBound,
  leastSharpnessLaws,
  leastWeightDecay,
} from "./claims/Induced.ts"
import {
  leastSharpnessInvariance,
  leastSharpnessSandwich,
  twoLayerTraceNorm,
} from "./claims/InducedByData.ts"
import { equalLayers, isotropicBalance, weightedLayers } from "./claims/FlattestLayers.ts"
import { bilinearBound, isometrySandwich } from "./claims/Isometry.ts"
import {
  dualityGap,
  moreMeasurements,
  oneHiddenEntry,
  recoveryRate,
  solverLaws,
} from "./claims/LeastNuclearNorm.ts"
import { errorCone, lowRankBound } from "./claims/LowRankTruth.ts"
import { batchNoise, labelNoiseDrift } from "./claims/Noise.ts"
import { noisyRelisting, noisyReversal, noisyRotations } from "./claims/NoisyTraining.ts"
import { nuclearNormFactor } from "./claims/NuclearNormFactor.ts"
import { rescaling } from "./claims/Rescaling.ts"
import { singleMeasurement } from "./claims/SingleMeasurement.ts"
import { matrixFactorization, type Subject } from "./claims/Subject.ts"
import {
  gradient,
  isotropicTrace,
  sharpnessGradient,
  traceFormula,
  traceScaling,
} from "./claims/TraceOfHessian.ts"
import { balance, hiddenRotations, outerRotations, relisting, reversal } from "./claims/Training.ts"

export type { Subject } from "./claims/Subject.ts"

/** Laws of deep factorisations and of the nuclear-norm problem: `law.against(subject)` is a claim about `subject`. */
export const laws: ReadonlyArray<Law<Subject>> = [
  traceFormula,
  gradient,
  isotropicTrace,
  traceScaling,
  isotropicLowerBound,
  isotropicAttained,
  rescaling,
  isotropicBalance,
  balance,
  hiddenRotations,
  outerRotations,
  reversal,
  relisting,
  dualityGap,
  solverLaws,
  moreMeasurements,
  oneHiddenEntry,
]

/** The laws against the implementation of this package, and what is claimed beyond them. */
export const claims: ReadonlyArray<Claim> = [
  ...laws.map((law) => law.against(matrixFactorization)),
  sharpnessGradient,
  leastWeightDecay,
  depthIndependence,
  leastSharpnessLaws,
  twoLayerTraceNorm,
  singleMeasurement,
  leastSharpnessInvariance,
  leastSharpnessSandwich,
  isometrySandwich,
  nuclearNormFactor,
  bilinearBound,
  errorCone,
  lowRankBound,
  equalLayers,
  weightedLayers,
  recoveryRate,
  flattestCorner,
  noisyRotations,
  noisyReversal,
  noisyRelisting,
  batchNoise,
  labelNoiseDrift,
]

export const errata: ReadonlyArray<Erratum> = []
