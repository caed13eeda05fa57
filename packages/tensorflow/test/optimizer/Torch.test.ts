/** Steps of SAM against PyTorch on the same weights: golden numbers of golden/torch-sam.py. */
import { assert, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { sam, softmaxCrossEntropy } from "../../src/index.ts"
import { assertClose } from "../support/Assert.ts"
import { useBackend } from "../support/Backend.ts"

useBackend()

interface Step {
  readonly loss: number
  readonly lossAtPerturbed: number
  readonly weights: ReadonlyArray<number>
}

const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, "../golden/torch-sam.json"), "utf8"),
) as Readonly<Record<string, ReadonlyArray<Step>>> & { readonly radius: number }

const sines = (shape: ReadonlyArray<number>, frequency: number): tf.Tensor => {
  const count = shape.reduce((product, size) => product * size, 1)
  const values = Array.from({ length: count }, (_, i) => Math.sin(frequency * (i + 1)))
  return tf.tensor(Float32Array.from(values), [...shape])
}

const optimizers = {
  "sgd 0.2": () => tf.train.sgd(0.2),
  "momentum 0.1, 0.9": () => tf.train.momentum(0.1, 0.9),
  "adam 0.01": () => tf.train.adam(0.01, 0.9, 0.999, 1e-7),
}

describe("SAM agrees with PyTorch", () => {
  for (const [name, make] of Object.entries(optimizers)) {
    it(`over ${name}`, () => {
      const shapes = [[4, 5], [5], [5, 3], [3]]
      const weights = shapes.map((shape, k) => tf.variable(sines(shape, 0.7 + k)))
      const [w1, b1, w2, b2] = weights
      const inputs = sines([12, 4], 1.3)
      const labels = tf
        .oneHot(
          Array.from({ length: 12 }, (_, i) => i % 3),
          3,
        )
        .toFloat()
      const loss = () => {
        const hidden = inputs.matMul(w1!).add(b1!).tanh()
        return softmaxCrossEntropy(labels, hidden.matMul(w2!).add(b2!)).mean<tf.Scalar>()
      }
      const optimizer = sam(make(), { radius: golden.radius })
      const steps = golden[name]!
      assert.strictEqual(steps.length, 8)
      for (const expected of steps) {
        optimizer.minimize(loss, false, weights)
        const { loss: before, lossAtPerturbed } = optimizer.telemetry()!
        assert.closeTo(before, expected.loss, 2e-6)
        assert.closeTo(lossAtPerturbed, expected.lossAtPerturbed, 2e-6)
        // float32 sums in other orders: a few ulp a step
        const flat = weights.flatMap((weight) => Array.from(weight.dataSync()))
        assertClose(flat, expected.weights, 1e-5)
      }
    })
  }
})
