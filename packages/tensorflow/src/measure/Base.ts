/** Effect of an optimizer of TensorFlow.js on a gradient, for its stability limit. */
import { significant } from "@nonconvex/numerics/Decimal"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type * as Operator from "@nonconvex/numerics/Operator"
import * as tf from "@tensorflow/tfjs"
import type { SharpnessAwareOptimizer } from "../optimizer/SharpnessAwareOptimizer.ts"

export interface Base {
  readonly name: string
  readonly learningRate: number
  /** Rate times curvature must be below this, on a quadratic. */
  readonly limit: number
  readonly rule: string
  /** Divisors of the steps, coordinate by coordinate, in the order of the variables; absent for steps along the gradient. */
  readonly divisors?: Float64Array
}

/** `D^(-1/2) A D^(-1/2)`, which determines stability if steps are divided by D, coordinate by coordinate. */
export const preconditioned = (
  operator: Operator.Operator,
  divisors: Float64Array,
): Operator.Operator => {
  const roots = divisors.map(Math.sqrt)
  const scaled = new Float64Array(roots.length)
  return (v, out) => {
    for (let i = 0; i < v.length; i++) scaled[i] = v[i]! / roots[i]!
    operator(scaled, out)
    for (let i = 0; i < v.length; i++) out[i]! /= roots[i]!
  }
}

interface Slot {
  readonly originalName: string
  readonly variable: tf.Variable
}

/** State that TensorFlow.js 4.22 keeps in its optimizers. */
interface Kept {
  readonly learningRate: number
  readonly momentum?: number
  readonly useNesterov?: boolean
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number | null
  readonly accBeta2?: tf.Variable
  readonly accumulatedSecondMoment?: ReadonlyArray<Slot>
}

const momentumOf = ({ learningRate, momentum = 0, useNesterov = false }: Kept): Base => ({
  name: useNesterov ? "Nesterov" : "momentum",
  learningRate,
  limit: useNesterov ? (2 + 2 * momentum) / (1 + 2 * momentum) : 2 + 2 * momentum,
  rule: useNesterov ? "(2 + 2 m) / (1 + 2 m)" : "2 (1 + m)",
})

/** Adam's divisors `sqrt(v / (1 - beta2^t)) + epsilon` as they are now. */
const adamOf = (kept: Kept, variables: ReadonlyArray<tf.Variable>): Base => {
  const { accBeta2, accumulatedSecondMoment: slots = [], beta1 = 0.9, beta2 = 0.999 } = kept
  const moments = variables.map(
    ({ name }) => slots.find(({ originalName }) => originalName === `${name}/v`)?.variable,
  )
  if (accBeta2 === undefined || !moments.every((moment) => moment !== undefined)) {
    invalid(
      "adviseRadius",
      "an Adam optimizer must have taken steps on these weights, since its second moments matter",
      {
        steps: slots.length,
      },
    )
  }
  const correction = 1 - accBeta2!.dataSync()[0]! / beta2
  const epsilon = kept.epsilon ?? tf.backend().epsilon()
  const divisors = moments.flatMap((moment) =>
    Array.from(moment!.dataSync(), (v) => Math.sqrt(Math.max(0, v) / correction) + epsilon),
  )
  return {
    name: "Adam",
    learningRate: kept.learningRate,
    limit: (2 * (1 + beta1)) / (1 - beta1),
    rule: `2 (1 + ${significant(beta1)}) / (1 - ${significant(beta1)})`,
    divisors: Float64Array.from(divisors),
  }
}

/** Tests for a field, because `instanceof` is true for every TensorFlow.js optimizer. */
const isSharpnessAware = (optimizer: tf.Optimizer): optimizer is SharpnessAwareOptimizer =>
  "inner" in optimizer

/**
 * Base of an optimizer: for a sharpness-aware one, the optimizer that it wraps. Throws InvalidInput on an Adam without a
 * step, and on optimizers of unknown stability: all except SGD, momentum and Adam.
 */
export const baseOf = (optimizer: tf.Optimizer, variables: ReadonlyArray<tf.Variable>): Base => {
  const inner = isSharpnessAware(optimizer) ? optimizer.inner : optimizer
  const kept = inner as unknown as Kept
  switch (inner.getClassName()) {
    case "SGD":
      return { name: "SGD", learningRate: kept.learningRate, limit: 2, rule: "2" }
    case "Momentum":
      return momentumOf(kept)
    case "Adam":
      return adamOf(kept, variables)
    default:
      return invalid(
        "adviseRadius",
        `the optimizer must be SGD, momentum or Adam, but is ${inner.getClassName()}`,
        {
          learningRate: kept.learningRate,
        },
      )
  }
}
