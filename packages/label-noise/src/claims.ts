/** What is claimed of label-noise SGD and of the sharpness flow. */
import type { Claim, Erratum, Law } from "@nonconvex/evidence"
import { clustersAndRank, clustersDoNotSplit } from "./claims/Clusters.ts"
import { descentForms } from "./claims/DescentForms.ts"
import { distanceFromMinima, drift, finiteStepDrift } from "./claims/Drift.ts"
import * as Flow from "./claims/Flow.ts"
import { orthogonalFiniteStep } from "./claims/FiniteStepMinimum.ts"
import { finalRate, flowReachesLimit, formsAgree } from "./claims/FlowLimit.ts"
import { flowLaws } from "./claims/FlowLaws.ts"
import { directSolve, leastSharpness, outputsKeepRank } from "./claims/GlobalMinimum.ts"
import { goldenValues } from "./claims/Golden.ts"
import { limitLaws } from "./claims/LimitLaws.ts"
import { localConvexity, normality, searchedConstants } from "./claims/Normality.ts"
import { certificateHolds, plansReachTheirGoal } from "./claims/Planning.ts"
import * as RiemannianGeometry from "./claims/RiemannianGeometry.ts"
import { scalingLaws } from "./claims/Scaling.ts"
import { linearNeuronsStayApart, silence, squaresAreFlat } from "./claims/StandStill.ts"
import { sparseBenchmark } from "./claims/SparseBenchmark.ts"
import { ours, type Subject } from "./claims/Subject.ts"
import { symmetryLaws } from "./claims/Symmetry.ts"
import { traceOffMinima, traceOnMinima } from "./claims/TraceOfHessian.ts"

export type { Point, Subject } from "./claims/Subject.ts"

/** Laws of label-noise SGD, the flow, the direct solve and the retraction: `law.against(subject)` is a claim about `subject`. */
export const laws: ReadonlyArray<Law<Subject>> = [
  ...symmetryLaws,
  ...scalingLaws,
  ...flowLaws,
  ...limitLaws,
]

export const claims: ReadonlyArray<Claim> = [
  traceOffMinima,
  traceOnMinima,
  RiemannianGeometry.gradientIsTangent,
  RiemannianGeometry.gradientIsSlope,
  RiemannianGeometry.hessianIsCurvature,
  leastSharpness,
  directSolve,
  normality,
  searchedConstants,
  outputsKeepRank,
  localConvexity,
  Flow.flowIsMonotone,
  Flow.flowEntersConvexity,
  Flow.flowEnvelope,
  Flow.gradientBoundsDeviation,
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
  certificateHolds,
  plansReachTheirGoal,
  clustersAndRank,
  clustersDoNotSplit,
  descentForms,
  goldenValues,
  sparseBenchmark,
  ...laws.map((law) => law.against(ours)),
]

export const errata: ReadonlyArray<Erratum> = []
