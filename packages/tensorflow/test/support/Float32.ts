/** The optimizers of this package as methods of the core, so that the laws of optim-sam apply to them. */
import type { Subject } from "@nonconvex/optim-sam/evidence"
import type { Method, MethodState, Objective } from "@nonconvex/problems"
import * as tf from "@tensorflow/tfjs"
import type { SamOptions } from "../../src/optimizer/Sam.ts"
import type { SharpnessAwareOptimizer } from "../../src/optimizer/SharpnessAwareOptimizer.ts"

type Make = (optimizer: tf.Optimizer, options: SamOptions) => SharpnessAwareOptimizer

interface TensorState extends MethodState {
  readonly optimizer: SharpnessAwareOptimizer
  readonly variable: tf.Variable
  readonly loss: () => tf.Scalar
}

/** A float64 objective as an operation of TensorFlow.js: point and gradient are rounded to float32 on the way. */
const operation = (objective: Objective, variable: tf.Variable): (() => tf.Scalar) => {
  const gradient = new Float64Array(objective.dimension)
  const evaluate = tf.customGrad((point) => {
    const w = point as tf.Tensor
    const value = objective.valueAndGradient(Float64Array.from(w.dataSync()), gradient)
    const derivative = Float32Array.from(gradient)
    return {
      value: tf.scalar(value),
      gradFunc: (dy) => tf.mul(dy, tf.tensor1d(derivative)),
    }
  })
  return () => evaluate(variable) as tf.Scalar
}

/** Laws look at a handful of runs at a time; the tensors of older ones are given back. */
const alive: Array<TensorState> = []

const retire = (count: number): void => {
  for (const { optimizer, variable } of alive.splice(0, Math.max(0, alive.length - count))) {
    optimizer.dispose()
    variable.dispose()
  }
}

export const disposeStates = (): void => retire(0)

const method =
  (make: Make) =>
  (radius: number, learningRate: number): Method<TensorState> => ({
    name: "tensorflow",
    init: (objective, start) => {
      const variable = tf.variable(tf.tensor1d(Float32Array.from(start)))
      const optimizer = make(tf.train.sgd(learningRate), { radius, onNotFinite: "skip" })
      const state: TensorState = {
        point: Float64Array.from(variable.dataSync()),
        optimizer,
        variable,
        loss: operation(objective, variable),
        steps: 0,
        status: "running",
      }
      alive.push(state)
      retire(8)
      return state
    },
    step: (state) => {
      const { optimizer, variable } = state
      const value = optimizer.minimize(state.loss, true, [variable])!
      const loss = value.dataSync()[0]!
      value.dispose()
      state.point.set(variable.dataSync())
      state.steps = optimizer.steps
      state.status = optimizer.status
      return loss
    },
  })

export const subjectOf = (sam: Make, usam: Make): Subject => ({
  sam: method(sam),
  usam: method(usam),
})
