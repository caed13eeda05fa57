/** What is claimed of label-noise SGD and of the sharpness flow. */
import type { Claim, Erratum } from "@nonconvex/evidence"
import * as Flow from "./claims/Flow.ts"
import { finiteStepEverywhere, orthogonalFiniteStep } from "./claims/FiniteStepMinimum.ts"
import { finalRate, flowReachesLimit, formsAgree } from "./claims/FlowLimit.ts"
import { directSolve, leastSharpness, outputsKeepRank } from "./claims/GlobalMinimum.ts"
import { localConvexity, normality, searchedConstants } from "./claims/Normality.ts"
import * as RiemannianGeometry from "./claims/RiemannianGeometry.ts"
import { scalings } from "./claims/Scaling.ts"
import { linearNeuronsStayApart, silence, squaresAreFlat } from "./claims/StandStill.ts"
import { symmetries } from "./claims/Symmetry.ts"
import { traceOffMinima, traceOnMinima } from "./claims/TraceOfHessian.ts"

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
  ...symmetries,
  ...scalings,
]

export const errata: ReadonlyArray<Erratum> = [finiteStepEverywhere]
