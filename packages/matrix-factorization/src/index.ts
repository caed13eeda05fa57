// The public surface, and nothing else: a name that is not here is free to change.
export { gradientDescent, type GradientDescentState } from "./GradientDescent.ts"
export { MatrixFactorization, system } from "./MatrixFactorization.ts"
export * as Theory from "./Theory.ts"
