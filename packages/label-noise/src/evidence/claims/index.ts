/** Claims about label-noise SGD and the sharpness flow. */
import type { Claim } from "@nonconvex/evidence"
import { boundsInOtherUnits } from "./BoundsInOtherUnits.ts"
import { certificate } from "./Certificate.ts"
import { clustersAndRank } from "./ClustersAndRank.ts"
import { clustersDoNotSplit } from "./ClustersDoNotSplit.ts"
import { distanceFromMinima } from "./DistanceFromMinima.ts"
import { drift } from "./Drift.ts"
import { exponentialPhase } from "./ExponentialPhase.ts"
import { finalRate } from "./FinalRate.ts"
import { finiteStepDrift } from "./FiniteStepDrift.ts"
import { finiteStepOfBatches } from "./FiniteStepOfBatches.ts"
import { finiteStepOnOrthogonalData } from "./FiniteStepOnOrthogonalData.ts"
import { flatLimitInOneSolve } from "./FlatLimitInOneSolve.ts"
import { flowDecreasesSharpness } from "./FlowDecreasesSharpness.ts"
import { flowReachesFlatLimit } from "./FlowReachesFlatLimit.ts"
import { formsOfTheDescent } from "./FormsOfTheDescent.ts"
import { formsOfTheFlow } from "./FormsOfTheFlow.ts"
import { goldenValues } from "./GoldenValues.ts"
import { gradientBoundsDeviation } from "./GradientBoundsDeviation.ts"
import { gradientIsSlope } from "./GradientIsSlope.ts"
import { gradientIsTangent } from "./GradientIsTangent.ts"
import { leastSharpness } from "./LeastSharpness.ts"
import { linearNeuronsStayApart } from "./LinearNeuronsStayApart.ts"
import { localGeodesicConvexity } from "./LocalGeodesicConvexity.ts"
import { noNoiseNoMotion } from "./NoNoiseNoMotion.ts"
import { noiseFloor } from "./NoiseFloor.ts"
import { normalityConstants } from "./NormalityConstants.ts"
import { orthographicRetraction } from "./OrthographicRetraction.ts"
import { outputsKeepRank } from "./OutputsKeepRank.ts"
import { plans } from "./Plans.ts"
import { riemannianHessian } from "./RiemannianHessian.ts"
import { searchedConstants } from "./SearchedConstants.ts"
import { sparseBenchmark } from "./SparseBenchmark.ts"
import { squaresAreEquallyFlat } from "./SquaresAreEquallyFlat.ts"
import { stabilityLimits } from "./StabilityLimits.ts"
import { timeToConvexity } from "./TimeToConvexity.ts"
import { traceAtMinimum } from "./TraceAtMinimum.ts"
import { traceOfHessian } from "./TraceOfHessian.ts"
import { transientBound } from "./TransientBound.ts"
import { laws } from "../laws/index.ts"

export const claims: ReadonlyArray<Claim> = [
  traceOfHessian,
  traceAtMinimum,
  gradientIsTangent,
  gradientIsSlope,
  riemannianHessian,
  orthographicRetraction,
  leastSharpness,
  flatLimitInOneSolve,
  normalityConstants,
  searchedConstants,
  outputsKeepRank,
  localGeodesicConvexity,
  flowDecreasesSharpness,
  timeToConvexity,
  exponentialPhase,
  gradientBoundsDeviation,
  flowReachesFlatLimit,
  finalRate,
  formsOfTheFlow,
  noNoiseNoMotion,
  linearNeuronsStayApart,
  squaresAreEquallyFlat,
  finiteStepOnOrthogonalData,
  drift,
  finiteStepDrift,
  distanceFromMinima,
  noiseFloor,
  stabilityLimits,
  transientBound,
  finiteStepOfBatches,
  boundsInOtherUnits,
  certificate,
  plans,
  clustersAndRank,
  clustersDoNotSplit,
  formsOfTheDescent,
  goldenValues,
  sparseBenchmark,
  ...laws,
]
