/** What is claimed of label-noise SGD and of the sharpness flow. */
import type { Claim } from "@nonconvex/evidence"
import { laws } from "../laws/index.ts"
import { certificateHolds } from "./Certificate.ts"
import { clustersAndRank, clustersDoNotSplit } from "./Clusters.ts"
import { distanceFromMinima, drift, finiteStepDrift, noiseFloor } from "./Drift.ts"
import { orthogonalFiniteStep } from "./FiniteStepOnOrthogonalData.ts"
import { directSolve, leastSharpness, outputsKeepRank } from "./FlatLimit.ts"
import * as FlowConvergence from "./FlowConvergence.ts"
import { finalRate, flowReachesLimit, formsAgree } from "./FlowLimit.ts"
import { descentForms, epochsAreShuffled } from "./FormsOfTheDescent.ts"
import { goldenValues } from "./GoldenValues.ts"
import { localConvexity, normality, searchedConstants } from "./Convexity.ts"
import { finiteStepOfBatches, stabilityLimits, transient } from "./LinearStability.ts"
import { linearNeuronsStayApart, silence, squaresAreFlat } from "./NoMotion.ts"
import { plansReachTheirGoal } from "./Plans.ts"
import * as RiemannianGeometry from "./RiemannianGeometry.ts"
import { sparseBenchmark } from "./SparseBenchmark.ts"
import { traceOffMinima, traceOnMinima } from "./TraceOfHessian.ts"
import { boundsInOtherUnits } from "./Units.ts"

export const claims: ReadonlyArray<Claim> = [
  traceOffMinima,
  traceOnMinima,
  RiemannianGeometry.gradientIsTangent,
  RiemannianGeometry.gradientIsSlope,
  RiemannianGeometry.hessianIsCurvature,
  RiemannianGeometry.retractionIsOrthographic,
  leastSharpness,
  directSolve,
  normality,
  searchedConstants,
  outputsKeepRank,
  localConvexity,
  FlowConvergence.flowIsMonotone,
  FlowConvergence.flowEntersConvexity,
  FlowConvergence.flowEnvelope,
  FlowConvergence.gradientBoundsDeviation,
  flowReachesLimit,
  finalRate,
  formsAgree,
  silence,
  linearNeuronsStayApart,
  squaresAreFlat,
  orthogonalFiniteStep,
  drift,
  finiteStepDrift,
  distanceFromMinima,
  noiseFloor,
  stabilityLimits,
  transient,
  finiteStepOfBatches,
  boundsInOtherUnits,
  certificateHolds,
  plansReachTheirGoal,
  clustersAndRank,
  clustersDoNotSplit,
  descentForms,
  epochsAreShuffled,
  goldenValues,
  sparseBenchmark,
  ...laws,
]
