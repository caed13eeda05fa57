/** On -cos w SAM rests a radius beside the maximum, where only the perturbed gradient vanishes. */
import { assert, describe, it } from "@effect/vitest"
import { InvalidInput } from "@nonconvex/numerics"
import { everyNth } from "@nonconvex/optim-sam"
import type * as Schedule from "@nonconvex/problems/Schedule"
import * as tf from "@tensorflow/tfjs"
import { falseMinimumWatch, sam } from "../../src/index.ts"
import { type FalseMinimum } from "../../src/callback/FalseMinimumWatch.ts"
import { useBackend } from "../support/Backend.ts"
import { quietly } from "../support/Models.ts"

useBackend()

const radius = 0.5

/** `-cos w` as a model of one weight, which is its output. */
const wave = (start: number): tf.LayersModel => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [1], units: 1, useBias: false })],
  })
  model.layers[0]!.setWeights([tf.tensor2d([[start]])])
  return model
}

/** The warnings of a training of `steps` batches from `start`. */
const training = async (
  start: number,
  steps: number,
  options: {
    readonly radius?: Schedule.Schedule
    readonly factor?: number
    readonly patience?: number
  } = {},
) => {
  const { radius: schedule = radius, ...guard } = options
  const optimizer = sam(tf.train.sgd(0.05), { radius: schedule })
  const heard: Array<FalseMinimum> = []
  const watch = falseMinimumWatch(optimizer, {
    ...guard,
    onWarning: (warning) => heard.push(warning),
  })
  const model = wave(start)
  const loss = (_: tf.Tensor, output: tf.Tensor) => tf.cos(output).neg().mean<tf.Scalar>()
  model.compile({ optimizer, loss })
  const inputs = tf.ones([1, 1])
  await model.fit(
    inputs,
    inputs,
    quietly({ epochs: steps, callbacks: watch, yieldEvery: "never" as const }),
  )
  assert.deepStrictEqual(heard, watch.warnings)
  return watch
}

describe("falseMinimumWatch", () => {
  it("warns once, after the patience, with the norms of the step", async () => {
    const { isSuspect, warnings } = await training(Math.PI + radius, 30)
    assert.isTrue(isSuspect())
    assert.strictEqual(warnings.length, 1)
    assert.strictEqual(warnings[0]!.step, 9)
    assert.closeTo(warnings[0]!.gradientNorm, Math.sin(radius), 1e-4)
    assert.isBelow(warnings[0]!.perturbedGradientNorm, Math.sin(radius) / 100)
    const hasty = await training(Math.PI + radius, 4, { patience: 3 })
    assert.deepStrictEqual(
      hasty.warnings.map(({ step }) => step),
      [2],
    )
  })

  it("is quiet where SAM descends, at a minimum, and where plain steps lead away", async () => {
    for (const start of [2, 0]) {
      const { isSuspect, warnings } = await training(start, 40)
      assert.deepStrictEqual([isSuspect(), warnings.length], [false, 0])
    }
    const left = await training(Math.PI + radius, 30, { radius: everyNth(5, radius) })
    assert.deepStrictEqual(left.warnings, [])
  })

  it("warns again of a second streak", async () => {
    // the start is not quite the fixed point, which repels: a factor of 3 forgives that, for some steps
    const schedule = (step: number) => (step === 6 ? 0 : radius)
    const { warnings } = await training(Math.PI + radius, 12, {
      radius: schedule,
      patience: 4,
      factor: 3,
    })
    assert.deepStrictEqual(
      warnings.map(({ step }) => step),
      [3, 10],
    )
  })

  it("refuses numbers that make no sense", () => {
    const optimizer = sam(tf.train.sgd(0.1))
    assert.throws(() => falseMinimumWatch(optimizer, { patience: 0 }), InvalidInput, /patience/)
    assert.throws(() => falseMinimumWatch(optimizer, { factor: -1 }), InvalidInput, /factor/)
  })
})
