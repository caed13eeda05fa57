// The public surface, and nothing else: a name that is not here is free to change.
export type { GameProgress } from "./game/Approach.ts"
export { equilibrium, type GameAnswer } from "./game/Equilibria.ts"
export { inexactProximalPoint } from "./algorithms/InexactProximalPoint.ts"
export { regularisedMinimax } from "./algorithms/RegularisedMinimax.ts"
export { regularisedMinimisation } from "./algorithms/RegularisedMinimisation.ts"
export type { Request, Solution } from "./algorithms/Solution.ts"
export {
  accelerated,
  acceleratedStronglyConvex,
  inexactAccelerated,
} from "./methods/Accelerated.ts"
export * as Average from "./methods/Average.ts"
export { extragradient } from "./methods/Extragradient.ts"
export { gradientDescent, projectedGradient } from "./methods/GradientDescentAscent.ts"
export { optimisticGradient } from "./methods/OptimisticGradient.ts"
export type { Scheme, SchemeState } from "./methods/Scheme.ts"
export { type MeasuredError, measureError } from "./oracle/ErrorMeter.ts"
export * as ErrorStrategy from "./oracle/ErrorStrategy.ts"
export * from "./oracle/InexactOracle.ts"
export { minimisation, type Problem, regularised, saddlePoint } from "./problem/Problem.ts"
export * from "./problem/QuadraticOnBall.ts"
export { ditheredRounding, type Rounded, widthFor } from "./solve/DitheredRounding.ts"
export * from "./solve/Failures.ts"
export { type Plan, plan, type Tolerances } from "./solve/Plan.ts"
export { type Answer, solve, type SolveOptions } from "./solve/Solve.ts"
export * as Theory from "./theory/index.ts"
export type { Mixed } from "./exact/Basis.ts"
export {
  type ExactAnswer,
  type ExactBounds,
  exactBounds,
  exactEquilibrium,
  type ExactProgress,
  type TooLong,
} from "./exact/ExactEquilibrium.ts"
export { type Rational as Fraction, toNumber } from "@nonconvex/numerics/Rational"
