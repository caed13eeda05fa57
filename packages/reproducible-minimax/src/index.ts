// The public surface, and nothing else: a name that is not here is free to change.
export { equilibrium } from "./game/Equilibria.ts"
export { inexactProximalPoint } from "./algorithms/InexactProximalPoint.ts"
export { regularisedMinimax } from "./algorithms/RegularisedMinimax.ts"
export { regularisedMinimisation } from "./algorithms/RegularisedMinimisation.ts"
export { accelerated } from "./methods/Accelerated.ts"
export { extragradient } from "./methods/Extragradient.ts"
export { gradientDescent, projectedGradient } from "./methods/GradientDescentAscent.ts"
export { optimisticGradient } from "./methods/OptimisticGradient.ts"
export type { Scheme } from "./methods/Scheme.ts"
export { measureError } from "./oracle/ErrorMeter.ts"
export * as ErrorStrategy from "./oracle/ErrorStrategy.ts"
export { inexact, onGrid, stochastic, throughFloat32 } from "./oracle/InexactOracle.ts"
export { minimisation, type Problem, regularised, saddlePoint } from "./problem/Problem.ts"
export { leastSquaresOnBall, quadraticOnBall } from "./problem/QuadraticOnBall.ts"
export { ditheredRounding } from "./solve/DitheredRounding.ts"
export {
  GapMissed,
  Irreproducible,
  NotCertified,
  NotMonotone,
  TooCoarse,
} from "./solve/Failures.ts"
export { plan } from "./solve/Plan.ts"
export { solve } from "./solve/Solve.ts"
export * as Theory from "./theory/index.ts"
export { exactBounds, exactEquilibrium } from "./exact/ExactEquilibrium.ts"
export { type Rational as Fraction, toNumber } from "@nonconvex/numerics/Rational"
