/** From where a training ended down to the minimum, faster than `settle`: with momentum, and the rate that the curvature allows. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import type { SmoothFiniteSum } from "@nonconvex/problems/LinearModel"
import { nesterov } from "@nonconvex/problems/Sgd"
import { trajectory } from "@nonconvex/problems/Trajectory"
import { NoMinimumNearby } from "./Settle.ts"

/** Gradients between two looks at the gradient norm. */
const every = 50

/**
 * Accelerated gradient descent until the gradient norm is at most `tolerance`, with the reciprocal of the top eigenvalue at the start as
 * its rate and momentum 0.95; `onLook` is told of every look at the norm.
 *
 * Throws NoMinimumNearby, with the smallest norm reached, after `gradients` of them, and Diverged. Ours.
 */
export const accelerate = (
  objective: SmoothFiniteSum,
  start: Float64Array,
  options: {
    readonly gradients: number
    readonly tolerance: number
    readonly seed: Seed.Seed
    readonly kernels: Kernels.Kernels
    readonly onLook: (gradients: number, gradientNorm: number) => void
  },
): Float64Array => {
  const { gradients, kernels, onLook, seed, tolerance } = options
  const { values } = Lanczos.topEigenpairs((v, out) => objective.hessianVector(start, v, out), {
    dimension: objective.dimension,
    count: 1,
    seed,
    tolerance: 1e-2,
    maxProducts: 100,
    kernels,
  })
  const gradient = new Float64Array(objective.dimension)
  const normAt = (point: Float64Array): number => {
    objective.valueAndGradient(point, gradient)
    return Vector.norm(gradient)
  }
  let smallest = normAt(start)
  if (smallest <= tolerance) return start
  const learningRate = values[0]! > 0 ? 1 / values[0]! : 1
  const method = gradientMethod(nesterov({ learningRate, momentum: 0.95 }))
  for (const { state, step } of trajectory(method, objective, start, { steps: gradients, every })) {
    const norm = normAt(state.point)
    smallest = Math.min(smallest, norm)
    onLook(step, norm)
    if (norm <= tolerance) return state.point
  }
  throw new NoMinimumNearby({
    operation: "accelerate",
    gradientNorm: smallest,
    tolerance,
    evaluations: gradients,
  })
}
