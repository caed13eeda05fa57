/** The move of one perturbed step where the draws are given, and its mean over all draws. */
import { Vector } from "@nonconvex/numerics"
import type { Objective } from "@nonconvex/problems"
import type { Draws } from "../Draws.ts"
import type { SampleModel } from "../SampleModel.ts"
import { sharpnessAwarePerturbation } from "../SharpnessAware.ts"
import { smoothedPerturbation } from "../Smoothed.ts"

/** Draws that are given: the sphere point is `direction`, the sample `index` and its sign `sign`. */
export const fixed = (direction: Float64Array, index = 0, sign = 1): Draws => ({
  fillSphere: (out) => out.set(direction),
  index: () => index,
  sign: () => sign,
})

/** The move of one perturbed step from `point` under given draws; each step is perturbed. */
export const smoothedMove = (
  objective: Objective,
  point: Float64Array,
  radius: number,
  direction: Float64Array,
): Float64Array => {
  const method = smoothedPerturbation({
    learningRate: 1,
    plainLearningRate: 1,
    radius,
    gradientThreshold: Number.POSITIVE_INFINITY,
    draws: fixed(direction),
  })
  const state = method.init(objective, point)
  method.step(state)
  return state.move
}

const sharpnessAwareMove = (
  model: SampleModel,
  point: Float64Array,
  radius: number,
  index: number,
  sign: number,
): Float64Array => {
  const method = sharpnessAwarePerturbation({
    learningRate: 1,
    plainLearningRate: 1,
    radius,
    gradientThreshold: Number.POSITIVE_INFINITY,
    draws: fixed(point, index, sign),
  })
  const state = method.init(model, point)
  method.step(state)
  return state.move
}

export const meanSmoothedMove = (objective: Objective, point: Float64Array, radius: number) => {
  const n = point.length
  const mean = new Float64Array(n)
  const unit = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    for (const sign of [1, -1]) {
      unit[i] = sign
      Vector.axpy(1 / (2 * n), smoothedMove(objective, point, radius, unit), mean)
    }
    unit[i] = 0
  }
  return mean
}

export const meanSharpnessAwareMove = (
  model: SampleModel,
  point: Float64Array,
  radius: number,
  signs: ReadonlyArray<number> = [1, -1],
) => {
  const mean = new Float64Array(point.length)
  for (let i = 0; i < model.size; i++) {
    for (const sign of signs) {
      const move = sharpnessAwareMove(model, point, radius, i, sign)
      Vector.axpy(1 / (signs.length * model.size), move, mean)
    }
  }
  return mean
}
