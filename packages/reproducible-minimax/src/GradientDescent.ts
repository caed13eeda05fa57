// One concept a file, named by the field's term. The paper's algorithm takes the place of this one.
import { InvalidInput, Vector } from "@nonconvex/numerics"
import type { Method, MethodState, Objective } from "@nonconvex/problems"

export interface GradientDescentState extends MethodState {
  readonly objective: Objective
  /** Scratch of the step, so that a step allocates nothing. */
  readonly gradient: Float64Array
}

/**
 * Gradient descent, `x <- x - learningRate grad f(x)` (Cauchy 1847).
 *
 * Throws InvalidInput unless the learning rate is positive and finite, and on a start of the wrong length.
 *
 * @example
 * ```ts import.meta.vitest
 * import { gradientDescent } from "@nonconvex/reproducible-minimax"
 * import { quadratic } from "@nonconvex/problems"
 *
 * const method = gradientDescent({ learningRate: 0.5 })
 * const state = method.init(quadratic({ spectrum: Float64Array.of(1) }), Float64Array.of(4))
 * method.step(state) // => 8
 * state.point // => Float64Array.of(2)
 * ```
 */
export const gradientDescent = ({
  learningRate,
}: {
  readonly learningRate: number
}): Method<GradientDescentState> => {
  if (!(learningRate > 0 && learningRate < Number.POSITIVE_INFINITY)) {
    throw new InvalidInput({
      operation: "gradientDescent",
      requirement: "the learning rate must be positive and finite",
      numbers: { learningRate },
    })
  }
  return {
    name: "gradient descent",
    init: (objective, start) => {
      if (start.length !== objective.dimension) {
        throw new InvalidInput({
          operation: "gradientDescent",
          requirement: "the start must have the dimension of the objective",
          numbers: { length: start.length, dimension: objective.dimension },
        })
      }
      return {
        objective,
        point: start.slice(),
        gradient: new Float64Array(start.length),
        steps: 0,
        status: "running",
      }
    },
    // Plain arithmetic that advances its state in place: no effect, no promise, no fresh array.
    step: (state) => {
      const { gradient, objective, point } = state
      const loss = objective.valueAndGradient(point, gradient)
      if (!Number.isFinite(loss) || !Vector.isFinite(gradient)) {
        state.status = "diverged"
        return loss
      }
      Vector.axpy(-learningRate, gradient, point)
      state.steps++
      return loss
    },
  }
}
