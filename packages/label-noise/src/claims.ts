/** What is claimed of label-noise SGD and of the sharpness flow. */
import type { Claim } from "@nonconvex/evidence"
import { directSolve, leastSharpness, outputsKeepRank } from "./claims/GlobalMinimum.ts"
import { localConvexity, normality, searchedConstants } from "./claims/Normality.ts"
import {
  gradientIsSlope,
  gradientIsTangent,
  hessianIsCurvature,
} from "./claims/RiemannianGeometry.ts"
import { traceOffMinima, traceOnMinima } from "./claims/TraceOfHessian.ts"

export const claims: ReadonlyArray<Claim> = [
  traceOffMinima,
  traceOnMinima,
  gradientIsTangent,
  gradientIsSlope,
  hessianIsCurvature,
  leastSharpness,
  directSolve,
  normality,
  searchedConstants,
  outputsKeepRank,
  localConvexity,
]
