/** All claims of this package in the order of the report, with its laws applied to its own algorithms. */
import type { Claim } from "@nonconvex/evidence"
import { averagedMoves } from "./AveragedMoves.ts"
import { curvatureOfParts } from "./CurvatureOfParts.ts"
import { differentialIsProjection } from "./DifferentialIsProjection.ts"
import { errorBarOfTheResidual } from "./ErrorBarOfTheResidual.ts"
import { errorBarsByDefinition } from "./ErrorBarsByDefinition.ts"
import { exactTraceOfPiecewiseLinearNetworks } from "./ExactTraceOfPiecewiseLinearNetworks.ts"
import { flatDescentConverges } from "./FlatDescentConverges.ts"
import { flatIsMonotone } from "./FlatIsMonotone.ts"
import { flattestIsSparse } from "./FlattestIsSparse.ts"
import { gainOfD } from "./GainOfD.ts"
import { gapOfTheGaussNewtonFactor } from "./GapOfTheGaussNewtonFactor.ts"
import { gradientOfTheExactTrace } from "./GradientOfTheExactTrace.ts"
import { hutchPlusPlusExact } from "./HutchPlusPlusExact.ts"
import { hutchinsonVariance } from "./HutchinsonVariance.ts"
import { lanczosExact } from "./LanczosExact.ts"
import { lanczosShortfall } from "./LanczosShortfall.ts"
import { limitAlongTheFlow } from "./LimitAlongTheFlow.ts"
import { limitInValley } from "./LimitInValley.ts"
import { limitOnHyperbola } from "./LimitOnHyperbola.ts"
import { lossGap } from "./LossGap.ts"
import { moveOfASteepGradient } from "./MoveOfASteepGradient.ts"
import { outputOnPath } from "./OutputOnPath.ts"
import { presets } from "./Presets.ts"
import { probeVariances } from "./ProbeVariances.ts"
import { residualOnHyperbola } from "./ResidualOnHyperbola.ts"
import { shareOfFlatIterates } from "./ShareOfFlatIterates.ts"
import { signOfARow } from "./SignOfARow.ts"
import { smoothingCrossPolytope } from "./SmoothingCrossPolytope.ts"
import { smoothingHypercube } from "./SmoothingHypercube.ts"
import { smoothingRemainder } from "./SmoothingRemainder.ts"
import { sphereDraws } from "./SphereDraws.ts"
import { stepOfFlatDescent } from "./StepOfFlatDescent.ts"
import { stepsInAccuracy } from "./StepsInAccuracy.ts"
import { traceErrorBars } from "./TraceErrorBars.ts"
import { traceEstimatesAreLinear } from "./TraceEstimatesAreLinear.ts"
import { twoTangentSpaces } from "./TwoTangentSpaces.ts"
import { valleys } from "./Valleys.ts"
import { xTraceExact } from "./XTraceExact.ts"
import { laws } from "../laws/index.ts"

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
  ...laws,
  signOfARow,
  sphereDraws,
  moveOfASteepGradient,
  averagedMoves,
  stepOfFlatDescent,
  errorBarsByDefinition,
  presets,
  valleys,
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
