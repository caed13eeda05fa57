/** Every law of this package, to run against your own implementation, and the claims that ours obeys them. */
import type { Claim, Erratum, Law } from "@nonconvex/evidence"
import { flattestCorner } from "./FlattestCorner.ts"
import {
  depthIndependence,
  isotropicAttained,
  isotropicLowerBound,
  leastSharpnessLaws,
  leastWeightDecay,
} from "../laws/Isotropic.ts"
import {
  leastSharpnessInvariance,
  leastSharpnessSandwich,
  twoLayerTraceNorm,
} from "./LeastSharpness.ts"
import { equalLayers, isotropicBalance, weightedLayers } from "./EqualLayersAtTheFlattest.ts"
import { bilinearBound, isometrySandwich } from "./IsometrySandwich.ts"
import {
  dualityGap,
  moreMeasurements,
  oneHiddenEntry,
  recoveryRate,
  solverLaws,
} from "../laws/NuclearSolver.ts"
import { errorCone, lowRankBound } from "./LowRankDistance.ts"
import { batchNoise, labelNoiseDrift } from "./LabelNoiseDrift.ts"
import { noisyRelisting, noisyReversal, noisyRotations } from "./NoisyRotationsReversalRelisting.ts"
import { nuclearNormFactor } from "./NuclearNormFactor.ts"
import { rescaling } from "../laws/Rescaling.ts"
import { singleMeasurement } from "./SingleMeasurement.ts"
import { matrixFactorization, type Subject } from "../support/Subject.ts"
import {
  gradient,
  isotropicTrace,
  sharpnessGradient,
  traceFormula,
  traceScaling,
} from "../laws/TraceFormulaAndScaling.ts"
import { balance, hiddenRotations, outerRotations, relisting, reversal } from "../laws/RotationsReversalRelisting.ts"

export type { Subject } from "../support/Subject.ts"

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
