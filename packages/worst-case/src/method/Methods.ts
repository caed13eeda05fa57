/** Common methods: each starts at x, within distance 1 of an optimum, and takes the given number of steps. */
export { extragradient } from "./Extragradient.ts"
export { gradientDescent } from "./GradientDescent.ts"
export { heavyBall } from "./HeavyBall.ts"
export { nesterov } from "./Nesterov.ts"
export { optimisticGradient } from "./OptimisticGradient.ts"
export { proximalPoint } from "./ProximalPoint.ts"
export { usam } from "./Usam.ts"
