/** The move of one perturbed step of any implementation with given draws, and its mean over all draws. */
import * as Vector from "@nonconvex/numerics/Vector"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import type { Draws } from "../../perturbation/Draws.ts"
import type { SampleModel } from "../../problems/SampleModel.ts"
import { conjugate } from "./Paths.ts"
import type { Subject } from "./Subject.ts"

/** Draws that always give `direction`, the sample `index` and `sign`. */
export const fixed = (direction: Float64Array, index = 0, sign = 1): Draws => ({
  begin: () => ({}),
  fillSphere: (_, out) => out.set(direction),
  index: () => index,
  sign: () => sign,
})

const everyStepPerturbed = (radius: number, draws: Draws) => ({
  learningRate: 1,
  plainLearningRate: 1,
  radius,
  gradientThreshold: Number.POSITIVE_INFINITY,
  draws,
})

/** v of the step `x <- x - (G + v)` taken from the origin, where no digits of v are lost to the size of x. */
const moveFromOrigin = <Problem extends Objective>(
  method: Method<MethodState, Problem>,
  problem: Problem,
): Float64Array => {
  const state = method.init(problem, new Float64Array(problem.dimension))
  const gradient = new Float64Array(problem.dimension)
  problem.valueAndGradient(new Float64Array(problem.dimension), gradient)
  method.step(state)
  return state.point.map((value, j) => -value - gradient[j]!)
}

/** The objective with `point` as its origin. */
const around = (objective: Objective, point: Float64Array): Objective => ({
  name: objective.name,
  dimension: objective.dimension,
  constants: {},
  valueAndGradient: (x, gradient) =>
    objective.valueAndGradient(
      x.map((value, j) => value + point[j]!),
      gradient,
    ),
})

const modelAround = (model: SampleModel, point: Float64Array): SampleModel =>
  conjugate(
    model,
    1,
    (x, out) => {
      for (let j = 0; j < x.length; j++) out[j] = x[j]! + point[j]!
    },
    () => {
      // a shift leaves gradients as they are
    },
  )

/** The move of a smoothed step from `point` along `direction`. */
export const smoothedMove = (
  { smoothed }: Subject,
  objective: Objective,
  point: Float64Array,
  radius: number,
  direction: Float64Array,
): Float64Array =>
  moveFromOrigin(smoothed(everyStepPerturbed(radius, fixed(direction))), around(objective, point))

/** The move of a sharpness-aware step from `point` along the given sample and sign. */
export const sharpnessAwareMove = (
  { sharpnessAware }: Subject,
  model: SampleModel,
  point: Float64Array,
  radius: number,
  index: number,
  sign: number,
): Float64Array =>
  moveFromOrigin<SampleModel>(
    sharpnessAware(everyStepPerturbed(radius, fixed(point, index, sign))),
    modelAround(model, point),
  )

export type MeanMove = (
  subject: Subject,
  model: SampleModel,
  point: Float64Array,
  radius: number,
) => Float64Array

/** Mean over plus and minus the unit vectors, which for cubic gradients is the mean over the sphere. */
export const meanSmoothedMove: MeanMove = (subject, objective, point, radius) => {
  const n = point.length
  const mean = new Float64Array(n)
  const unit = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    for (const sign of [1, -1]) {
      unit[i] = sign
      Vector.axpy(1 / (2 * n), smoothedMove(subject, objective, point, radius, unit), mean)
    }
    unit[i] = 0
  }
  return mean
}

/** Mean over all samples and the given signs. */
export const meanSharpnessAwareMove =
  (signs: ReadonlyArray<number>): MeanMove =>
  (subject, model, point, radius) => {
    const mean = new Float64Array(point.length)
    for (let i = 0; i < model.size; i++) {
      for (const sign of signs) {
        const move = sharpnessAwareMove(subject, model, point, radius, i, sign)
        Vector.axpy(1 / (signs.length * model.size), move, mean)
      }
    }
    return mean
  }

export const bothSigns = meanSharpnessAwareMove([1, -1])
