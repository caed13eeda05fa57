// The public surface, and nothing else: a name that is not here is free to change.
export { accelerated, acceleratedStronglyConvex, inexactAccelerated } from "./Accelerated.ts"
export { measureError, type Reading } from "./DeltaMeter.ts"
export {
  ditheredRounding,
  publish,
  type Published,
  type Rounded,
  widthFor,
} from "./DitheredRounding.ts"
export * as ErrorStrategy from "./ErrorStrategy.ts"
export { extragradient, optimisticGradient } from "./Extragradient.ts"
export {
  BelowNoise,
  GapMissed,
  Irreproducible,
  NotCertified,
  NotMonotone,
  TooCoarse,
} from "./Failures.ts"
export { inexactProximalPoint } from "./InexactProximalPoint.ts"
export { inexact, inexactStart, onGrid, stochastic, throughFloat32 } from "./Oracle.ts"
export { plan, type Plan, type Tolerances } from "./Plan.ts"
export { minimisation, type Problem, regularised, saddlePoint } from "./Problem.ts"
export { gradientDescent, projectedGradient } from "./ProjectedGradient.ts"
export { regularisedMinimax } from "./RegularisedMinimax.ts"
export { regularisedMinimisation } from "./RegularisedMinimisation.ts"
export { leastSquaresOnBall, quadraticOnBall, type ValuedProblem } from "./QuadraticOnBall.ts"
export { ReproducibleMinimax, system } from "./ReproducibleMinimax.ts"
export type { Certified, Run } from "./Run.ts"
export type { Scheme, SchemeState } from "./Scheme.ts"
export type { Request, Solution } from "./Solution.ts"
export { type Answer, solve, type SolveOptions } from "./Solve.ts"
export * as Theory from "./Theory.ts"
export { viResidual } from "./ViResidual.ts"
