/** What the callbacks write and when, and the settings that the measures take for float32 unless told. */
import { assert, describe, it } from "@effect/vitest"
import { Seed } from "@nonconvex/numerics"
import * as tf from "@tensorflow/tfjs"
import {
  adviseRadius,
  catapultWatch,
  certifyModel,
  functionObjective,
  modelObjective,
  sam,
  sharpnessLog,
} from "../../src/index.ts"
import { type CatapultWatchOptions } from "../../src/callback/CatapultWatch.ts"
import { useBackend } from "../support/Backend.ts"
import { data, perceptron, quietly } from "../support/Models.ts"

useBackend()

describe("sharpnessLog", () => {
  it("measures after every second epoch, and writes what it measured", async () => {
    const { inputs, targets } = data(12)
    const model = perceptron()
    const optimizer = sam(tf.train.sgd(0.05), { radius: 0.1 })
    model.compile({ optimizer, loss: "meanSquaredError" })
    const objective = modelObjective(model, { inputs, targets, loss: tf.metrics.meanSquaredError })
    const { onEpochEnd, readings } = sharpnessLog(objective, {
      optimizer,
      every: 2,
      maxProducts: 10,
    })
    const written: Array<tf.Logs> = []
    await model.fit(
      inputs,
      targets,
      quietly({
        epochs: 4,
        yieldEvery: "never" as const,
        callbacks: {
          onEpochEnd: async (epoch: number, logs?: tf.Logs) => {
            await onEpochEnd(epoch, logs)
            written.push({ ...logs, gap: optimizer.telemetry()!.sharpnessGap })
          },
        },
      }),
    )
    assert.deepStrictEqual(
      readings.map(({ epoch }) => epoch),
      [1, 3],
    )
    const [reading, logs] = [readings[1]!, written[3]!]
    assert.isAbove(reading.trace.standardError, 0)
    assert.deepStrictEqual(
      ["trace", "traceError", "topEigenvalue", "topEigenvalueResidual", "directionalSharpness"].map(
        (key) => logs[key],
      ),
      [
        reading.trace.estimate,
        reading.trace.standardError,
        reading.topEigenvalue,
        reading.topEigenvalueResidual,
        reading.directionalSharpness,
      ],
    )
    assert.strictEqual(logs["sharpnessGap"], logs["gap"])
    assert.isFalse("trace" in written[0]! || "trace" in written[2]!)
  })
})

describe("the settings for float32", () => {
  it("of a certificate take a thousandth of the top eigenvalue for zero, unless told", () => {
    const w = tf.variable(tf.zeros([2]))
    const loss = () =>
      w
        .square()
        .mul(tf.tensor1d([0.5, 1.5e-4]))
        .sum<tf.Scalar>()
    const objective = functionObjective(loss, [w], { secondOrder: "double gradient" })
    const options = { lossTolerance: 1e-2, seed: Seed.root(1) }
    assert.strictEqual(certifyModel(objective, options).rank, 1)
    assert.strictEqual(certifyModel(objective, { ...options, zero: 1e-5 }).rank, 2)
    assert.isUndefined(certifyModel(objective, { ...options, gap: 1e9 }).gap)
  })

  it("of advice stop after 60 products, where float32 has no residual of 1e-6", () => {
    const scales = Float32Array.from({ length: 150 }, (_, i) => 1 + i / 150)
    const w = tf.variable(tf.zeros([150]))
    let gradients = 0
    const loss = () => {
      gradients++
      return w.sin().square().mul(tf.tensor1d(scales)).sum<tf.Scalar>()
    }
    const objective = functionObjective(loss, [w])
    const settings = { learningRate: 0.1, radius: 0.05, tolerance: 1e-3 }
    const advice = adviseRadius(objective, settings)
    // two gradients a product
    assert.isAtMost(gradients, 2 * 60 + 2)
    assert.closeTo(advice.topEigenvalue, 2 * (1 + 149 / 150), 0.02)
    gradients = 0
    adviseRadius(objective, { ...settings, maxProducts: 10 })
    assert.isAtMost(gradients, 2 * 10 + 2)
  })
})

describe("double gradients", () => {
  it("have zeros for a weight that the loss does not depend on", () => {
    const [used, unused] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([3]))]
    const loss = () => used.square().sum<tf.Scalar>()
    const objective = functionObjective(loss, [used, unused], { secondOrder: "double gradient" })
    const out = new Float64Array(3)
    objective.hessianVector(Float64Array.of(1, 2, 3), Float64Array.of(1, -1, 5), out)
    assert.deepStrictEqual([...out], [2, -2, 0])
  })
})

describe("catapultWatch", () => {
  it("asks for the learning rate of each batch", async () => {
    const asked: Array<number> = []
    const { onBatchEnd } = catapultWatch({
      learningRate: (step) => {
        asked.push(step)
        return 0.1
      },
    })
    for (let batch = 0; batch < 3; batch++) await onBatchEnd(batch, { loss: 1 })
    assert.deepStrictEqual(asked, [0, 1, 2])
  })

  it("says at the end of the training what a spike was that is not over", async () => {
    const { events, onBatchEnd, onTrainEnd } = catapultWatch()
    for (let batch = 0; batch < 60; batch++) {
      await onBatchEnd(batch, { loss: batch < 55 ? 1 + 0.01 * Math.sin(batch) : 20 })
    }
    assert.deepStrictEqual(events, [])
    await onTrainEnd()
    assert.strictEqual(events.length, 1)
  })

  it("goes through a warm-up that begins with a rate of 0", async () => {
    const { events, onBatchEnd } = catapultWatch({ learningRate: (step) => 0.1 * step })
    for (let batch = 0; batch < 3; batch++) await onBatchEnd(batch, { loss: 1 })
    assert.deepStrictEqual(events, [])
  })

  it("measures preconditioned steps with the divisors of the optimizer, and without them not at all", async () => {
    const w = tf.variable(tf.tensor1d([0.1, 0.1]))
    const loss = () =>
      w
        .square()
        .mul(tf.tensor1d([0.5, 50]))
        .sum<tf.Scalar>()
    const objective = functionObjective(loss, [w], { secondOrder: "double gradient" })
    const watched = async (options: Partial<CatapultWatchOptions>) => {
      const watch = catapultWatch({ objective, learningRate: 0.03, ...options })
      for (const [batch, at] of [0.1, 0.01, 1, 3, 0.001].entries()) {
        w.assign(tf.tensor1d([at, at]))
        await watch.onBatchEnd(batch)
      }
      return watch
    }
    const blind = await watched({ steps: "preconditioned" })
    assert.deepStrictEqual(
      blind.events.map(({ confidence }) => confidence),
      ["likely"],
    )
    // D^(-1/2) H D^(-1/2) = diag(2, 50)
    const seeing = await watched({ divisors: () => Float64Array.of(0.5, 2) })
    assert.closeTo(seeing.status().criticalRate!, 2 / 50, 1e-4)
    assert.deepStrictEqual(
      seeing.events.map(({ confidence, kind }) => [kind, confidence]),
      [["data spike", "measured"]],
    )
    const lagging = await watched({ divisors: () => Float64Array.of(0.5, 1) })
    assert.deepStrictEqual(
      lagging.events.map(({ confidence, kind }) => [kind, confidence]),
      [["optimizer mismatch", "measured"]],
    )
  })

  it("evaluates no loss at weights that are not numbers", async () => {
    const w = tf.variable(tf.tensor1d([1]))
    let evaluations = 0
    const objective = functionObjective(() => {
      evaluations++
      return w.square().sum<tf.Scalar>()
    }, [w])
    const { onBatchEnd } = catapultWatch({ objective })
    await onBatchEnd(0, { loss: 1 })
    const before = evaluations
    assert.isAbove(before, 0)
    w.assign(tf.tensor1d([Number.NaN]))
    await onBatchEnd(1, { loss: 1 })
    assert.strictEqual(evaluations, before)
  })
})
