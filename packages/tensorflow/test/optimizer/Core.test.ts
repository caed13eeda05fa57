/** Step by step against the float64 core, on the same small network. */
import { assert, describe, it } from "@effect/vitest"
import {
  asam as asam64,
  pNormSam as pNormSam64,
  sam as sam64,
  telemetry,
  unifiedSam as unifiedSam64,
  usam as usam64,
} from "@nonconvex/optim-sam"
import { adamW, momentum, network, sgd } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import { Vector } from "@nonconvex/numerics"
import * as tf from "@tensorflow/tfjs"
import {
  asam,
  modelObjective,
  pNormSam,
  sam,
  softmaxCrossEntropy,
  unifiedSam,
  usam,
} from "../../src/index.ts"
import { useBackend } from "../support/Backend.ts"
import { data, perceptron, variables } from "../support/Models.ts"

useBackend()

const samples = 12
const { inputs, targets } = data(samples)
const labels = Array.from({ length: samples }, (_, i) => i % 3)

/** The same network, whose float64 weights lie output by output, not input by input as in TensorFlow.js. */
const core = network({
  architecture: Architecture.make({ widths: [4, 5, 3], activation: "tanh" }),
  loss: Loss.crossEntropy(labels),
  dimension: 4,
  features: Float64Array.from(inputs.dataSync()),
})

/** For each weight of the model its index in the core: dense kernels are transposed. */
const order = (() => {
  const indices: Array<number> = []
  let from = 0
  for (const [width, units] of [
    [4, 5],
    [5, 3],
  ] as const) {
    for (let i = 0; i < width; i++)
      for (let j = 0; j < units; j++) indices.push(from + j * width + i)
    for (let j = 0; j < units; j++) indices.push(from + width * units + j)
    from += (width + 1) * units
  }
  return indices
})()

const toCore = (weights: Float64Array): Float64Array => {
  const point = new Float64Array(weights.length)
  order.forEach((index, i) => (point[index] = weights[i]!))
  return point
}

const radius = 0.1

const family = {
  sam: [sam, sam64, {}],
  usam: [usam, usam64, {}],
  unified: [unifiedSam, unifiedSam64, { normalisation: 0.5 }],
  asam: [asam, asam64, { offset: 0.01 }],
  "p-norm": [pNormSam, pNormSam64, { p: 4 }],
} as const

const bases = {
  sgd: [() => tf.train.sgd(0.3), sgd({ learningRate: 0.3 })],
  momentum: [() => tf.train.momentum(0.1, 0.9), momentum({ learningRate: 0.1, momentum: 0.9 })],
  adam: [
    () => tf.train.adam(0.02, 0.9, 0.999, 1e-7),
    adamW({ learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 }),
  ],
} as const

describe("the float64 core", () => {
  it("has the loss, the gradient and the Hessian of the model", () => {
    const objective = modelObjective(perceptron(), { inputs, targets, loss: softmaxCrossEntropy })
    const x = objective.read()
    const [gradient, exact] = [new Float64Array(43), new Float64Array(43)]
    const value = objective.valueAndGradient(x, gradient)
    assert.closeTo(value, core.valueAndGradient(toCore(x), exact), 1e-6)
    assert.isBelow(Vector.distance(toCore(gradient), exact), 1e-6 * Vector.norm(exact) + 1e-7)
    const v = x.map((_, i) => Math.cos(i))
    objective.hessianVector(x, v, gradient)
    core.hessianVector(toCore(x), toCore(v), exact)
    assert.isBelow(Vector.distance(toCore(gradient), exact), 1e-3 * Vector.norm(exact))
  })

  for (const [name, [make, make64, options]] of Object.entries(family)) {
    for (const [baseName, [base, base64]] of Object.entries(bases)) {
      it(`takes the steps of ${name} over ${baseName}`, () => {
        const model = perceptron()
        const objective = modelObjective(model, { inputs, targets, loss: softmaxCrossEntropy })
        const optimizer = (make as typeof unifiedSam)(base(), { radius, ...options } as never)
        const method = (make64 as typeof unifiedSam64)({
          radius,
          base: base64,
          ...options,
        } as never)
        const state = method.init(core, toCore(objective.read()))
        const loss = () =>
          tf.mean<tf.Scalar>(softmaxCrossEntropy(targets, model.apply(inputs) as tf.Tensor))
        for (let t = 1; t <= 20; t++) {
          optimizer.minimize(loss, false, variables(model))
          method.step(state)
          // float32 loses 6e-8 a step, and the network spreads it
          const apart = Vector.distance(toCore(objective.read()), state.point)
          assert.isBelow(apart, 2e-6 * t * Vector.norm(state.point), `step ${t}`)
        }
        const [found, expected] = [optimizer.telemetry()!, telemetry(state)]
        assert.closeTo(found.sharpnessGap, expected.sharpnessGap, 2e-5)
        assert.closeTo(found.cosine, expected.cosine, 1e-3)
      })
    }
  }
})
