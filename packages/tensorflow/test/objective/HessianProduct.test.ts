/** Hessian-vector products: differences, double gradients, and what TensorFlow.js makes of a gradient of a gradient. */
import { assert, describe, it } from "@effect/vitest"
import { Vector } from "@nonconvex/numerics"
import * as tf from "@tensorflow/tfjs"
import { functionObjective, modelObjective, softmaxCrossEntropy } from "../../src/index.ts"
import { useBackend } from "../support/Backend.ts"
import { asItIs } from "../support/Engine.ts"
import { convolutional, data, normals, perceptron, seeded } from "../support/Models.ts"
import { NoSecondGradient, SecondGradientMismatch } from "../../src/Failures.ts"

useBackend()

const product = (
  objective: {
    readonly dimension: number
    readonly hessianVector: (x: Float64Array, v: Float64Array, out: Float64Array) => void
  },
  x: Float64Array,
  v: Float64Array,
): Float64Array => {
  const out = new Float64Array(objective.dimension)
  objective.hessianVector(x, v, out)
  return out
}

describe("Hessian-vector products", () => {
  it("are those of a quadratic, both ways", () => {
    const w = tf.variable(tf.tensor1d([1, 2]))
    const h = tf.tensor2d([
      [3, 1],
      [1, 2],
    ])
    const loss = () => h.matMul(w.expandDims(1)).squeeze([1]).mul(w).sum().div(2)
    for (const secondOrder of ["differences", "double gradient"] as const) {
      const objective = functionObjective(loss, [w], { secondOrder })
      const found = product(objective, Float64Array.of(0.5, -1), Float64Array.of(1, 10))
      assert.closeTo(found[0]!, 13, 2e-3)
      assert.closeTo(found[1]!, 21, 2e-3)
      assert.deepStrictEqual(
        Array.from(product(objective, Float64Array.of(0.5, -1), new Float64Array(2))),
        [0, 0],
      )
    }
  })

  for (const activation of ["tanh", "sigmoid", "relu", "softplus", "swish"] as const) {
    it(`agree for a network with ${activation}`, () => {
      const model = seeded(
        tf.sequential({
          layers: [
            tf.layers.dense({ inputShape: [4], units: 5, activation }),
            tf.layers.dense({ units: 3 }),
          ],
        }),
      )
      const options = { ...data(12), loss: softmaxCrossEntropy }
      const x = modelObjective(model, options).read()
      const v = Float64Array.from(normals("direction", [x.length]).dataSync())
      const [differences, double] = (["differences", "double gradient"] as const).map(
        (secondOrder) => product(modelObjective(model, { ...options, secondOrder }), x, v),
      )
      const error = Vector.distance(differences!, double!) / Vector.norm(double!)
      // a kink of relu may lie between the two gradients of a difference
      assert.isBelow(error, activation === "relu" ? 2e-2 : 2e-3)
    })
  }

  it("by double gradients need the tape in order: TensorFlow.js as it is loses the terms of tanh", () => {
    const w = tf.variable(tf.scalar(0.7))
    // the second derivative of tanh(w)^2 / 2 is (1 - t^2)^2 - 2 t^2 (1 - t^2), t = tanh w
    const loss = () => w.tanh().square().div(2)
    const t = Math.tanh(0.7)
    const exact = (1 - t * t) ** 2 - 2 * t * t * (1 - t * t)
    const plain = () =>
      tf.tidy(() => {
        const inner = () =>
          tf.variableGrads(loss as () => tf.Scalar, [w]).grads[w.name] as tf.Scalar
        return tf.variableGrads(inner, [w]).grads[w.name]?.dataSync()[0] ?? 0
      })
    const objective = functionObjective(loss, [w], { secondOrder: "double gradient" })
    const ordered = () => product(objective, Float64Array.of(0.7), Float64Array.of(1))[0]!
    assert.closeTo(asItIs(ordered), exact, 1e-6)
    assert.isAbove(Math.abs(asItIs(plain) - exact), 0.1)
    // the engine of a runtime keeps no copy that comes before what it is of
    assert.closeTo(ordered(), exact, 1e-6)
    assert.closeTo(plain(), exact, 1e-6)
  })

  it("by double gradients are refused where a derivative counts as a constant", () => {
    const objective = modelObjective(perceptron(), {
      ...data(12),
      loss: tf.losses.softmaxCrossEntropy,
      secondOrder: "double gradient",
    })
    const x = objective.read()
    assert.throws(() => product(objective, x, x), SecondGradientMismatch)
  })

  it("by double gradients are refused where TensorFlow.js has none", () => {
    const objective = modelObjective(convolutional(), {
      ...data(6, [8, 8, 1]),
      loss: softmaxCrossEntropy,
      secondOrder: "double gradient",
    })
    const x = objective.read()
    assert.throws(() => product(objective, x, x), NoSecondGradient)
  })
})
