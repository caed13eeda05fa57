// The public surface, and nothing else: a name that is not here is free to change.
export {
  accelerated,
  acceleratedStronglyConvex,
  inexactAccelerated,
} from "./methods/Accelerated.ts"
export { measureError, type MeasuredError } from "./oracle/ErrorMeter.ts"
export {
  ditheredRounding,
  publish,
  type Published,
  type Rounded,
  widthFor,
} from "./solve/DitheredRounding.ts"
export * as ErrorStrategy from "./oracle/ErrorStrategy.ts"
export { extragradient, optimisticGradient } from "./methods/Extragradient.ts"
export {
  BelowNoise,
  GapMissed,
  Irreproducible,
  NotCertified,
  NotMonotone,
  TooCoarse,
} from "./solve/Failures.ts"
export { inexactProximalPoint } from "./algorithms/InexactProximalPoint.ts"
export {
  inexact,
  inexactStart,
  onGrid,
  stochastic,
  throughFloat32,
} from "./oracle/InexactOracle.ts"
export { plan, type Plan, type Tolerances } from "./solve/Plan.ts"
export { minimisation, type Problem, regularised, saddlePoint } from "./problem/Problem.ts"
export { gradientDescent, projectedGradient } from "./methods/ProjectedGradient.ts"
export { regularisedMinimax } from "./algorithms/RegularisedMinimax.ts"
export { regularisedMinimisation } from "./algorithms/RegularisedMinimisation.ts"
export {
  leastSquaresOnBall,
  quadraticOnBall,
  type ValuedProblem,
} from "./problem/QuadraticOnBall.ts"
export type { Certified } from "./solve/Run.ts"
export type { Scheme, SchemeState } from "./methods/Scheme.ts"
export type { Request, Solution } from "./algorithms/Solution.ts"
export { type Answer, solve, type SolveOptions } from "./solve/Solve.ts"
export * as Theory from "./theory/index.ts"
export { viResidual } from "./problem/ViResidual.ts"
