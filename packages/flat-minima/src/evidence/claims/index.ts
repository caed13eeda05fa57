/** Every claim of this package, in the order of the report; the laws among them are those of its own algorithms. */
import type { Claim } from "@nonconvex/evidence"
import { laws } from "../laws/index.ts"
import {
  exactTraceOfPiecewiseLinearNetworks,
  gradientOfTheExactTrace,
  hutchinsonVariance,
  traceErrorBars,
  traceEstimatesAreLinear,
} from "./Traces.ts"
import { curvatureOfParts } from "./Parts.ts"
import { flatIsMonotone, noSaddleIsFlat } from "./Flat.ts"
import {
  flatDescentConverges,
  outputOnPath,
  shareOfFlatIterates,
  stepsInAccuracy,
} from "./Convergence.ts"
import {
  lanczosShortfall,
  lossGap,
  moveOfASteepGradient,
  probeVariances,
  tracesOfValleys,
} from "./ClosedForms.ts"
import { flattestIsSparse, gainOfD } from "./FlattestIsSparse.ts"
import { gapOfTheGaussNewtonFactor } from "./GaussNewtonGap.ts"
import { hutchPlusPlusExact, lanczosExact, xTraceExact } from "./KrylovAndSketches.ts"
import {
  differentialIsProjection,
  limitAlongTheFlow,
  limitInValley,
  limitOnHyperbola,
  twoTangentSpaces,
} from "./Limit.ts"
import { errorBarOfTheResidual, residualOnHyperbola } from "./Residual.ts"
import { presets } from "./Presets.ts"
import { signOfARow } from "./SignOfARow.ts"
import { smoothingCrossPolytope, smoothingHypercube, smoothingRemainder } from "./Smoothing.ts"
import { averagedMoves, errorBarsByDefinition, stepOfFlatDescent } from "./Steps.ts"
import { sphereDraws } from "./SphereDraws.ts"

export const claims: ReadonlyArray<Claim> = [
  smoothingCrossPolytope,
  smoothingHypercube,
  smoothingRemainder,
  limitOnHyperbola,
  limitInValley,
  differentialIsProjection,
  limitAlongTheFlow,
  residualOnHyperbola,
  twoTangentSpaces,
  flatIsMonotone,
  noSaddleIsFlat,
  ...laws,
  signOfARow,
  sphereDraws,
  moveOfASteepGradient,
  averagedMoves,
  stepOfFlatDescent,
  errorBarsByDefinition,
  presets,
  tracesOfValleys,
  lossGap,
  probeVariances,
  lanczosShortfall,
  hutchinsonVariance,
  traceErrorBars,
  traceEstimatesAreLinear,
  hutchPlusPlusExact,
  xTraceExact,
  lanczosExact,
  flattestIsSparse,
  gainOfD,
  stepsInAccuracy,
  outputOnPath,
  shareOfFlatIterates,
  flatDescentConverges,
  curvatureOfParts,
  exactTraceOfPiecewiseLinearNetworks,
  gradientOfTheExactTrace,
  gapOfTheGaussNewtonFactor,
  errorBarOfTheResidual,
]
