/** SAM as the optimizer of a model: metrics, batch normalisation, dropout, frozen layers, saving. */
import { assert, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { DateTime } from "effect"
import { sam } from "../../src/index.ts"
import { useBackend } from "../support/Backend.ts"
import { bits, data, normalised, perceptron, quietly } from "../support/Models.ts"

useBackend()

describe("in fit", () => {
  const compiled = (optimizer: tf.Optimizer, make = perceptron) => {
    const model = make()
    model.compile({ optimizer, loss: "meanSquaredError", metrics: ["accuracy"] })
    return model
  }

  it("trains, with the metrics of the point in the history, once", async () => {
    const { inputs, targets } = data(24)
    const model = compiled(sam(tf.train.sgd(0.2), { radius: 0.05 }))
    const { history } = await model.fit(inputs, targets, quietly({ epochs: 6, batchSize: 8 }))
    const losses = history["loss"] as ReadonlyArray<number>
    assert.deepStrictEqual(Object.keys(history).toSorted(), ["acc", "loss"])
    assert.strictEqual(losses.length, 6)
    assert.isBelow(losses[5]!, 0.9 * losses[0]!)
  })

  it("works from a data set, and lists the metrics of both points on a single batch", async () => {
    const { inputs, targets } = data(12)
    const model = compiled(sam(tf.train.sgd(0.1)))
    const rows = tf.data.zip({
      xs: tf.data.array(inputs.arraySync() as Array<Array<number>>),
      ys: tf.data.array(targets.arraySync() as Array<Array<number>>),
    })
    const { history } = await model.fitDataset(rows.batch(6), quietly({ epochs: 2 }))
    assert.strictEqual(history["loss"]!.length, 2)
    const values = (await model.trainOnBatch(inputs, targets)) as Array<number>
    assert.strictEqual(values.length, 3)
    assert.isTrue(values.every(Number.isFinite))
  })

  it("moves the statistics of batch normalisation once a step", async () => {
    const { inputs, targets } = data(12)
    const statistics = async (optimizer: tf.Optimizer) => {
      const model = compiled(optimizer, normalised)
      await model.trainOnBatch(inputs, targets)
      return model.weights
        .filter(({ name }) => name.includes("moving"))
        .map((weight) => Array.from(weight.read().dataSync()))
    }
    const plain = await statistics(tf.train.sgd(0))
    const aware = await statistics(sam(tf.train.sgd(0), { radius: 1 }))
    assert.strictEqual(plain.length, 2)
    assert.notDeepEqual(plain[0], [0, 0, 0, 0, 0, 0])
    assert.deepStrictEqual(aware, plain)
  })

  it("shows both gradients the same dropout mask", () => {
    const masks: Array<ReadonlyArray<number>> = []
    const w = tf.variable(tf.ones([32]))
    const loss = () => {
      const kept = tf.dropout(tf.ones([32]), 0.5)
      masks.push(Array.from(kept.dataSync()))
      return kept.mul(w).square().sum<tf.Scalar>()
    }
    const optimizer = sam(tf.train.sgd(0.01), { radius: 0.1 })
    for (let t = 0; t < 2; t++) optimizer.minimize(loss, false, [w])
    assert.strictEqual(masks.length, 4)
    assert.deepStrictEqual(masks[1], masks[0])
    assert.deepStrictEqual(masks[3], masks[2])
    assert.notDeepEqual(masks[2], masks[0])
  })

  it("leaves frozen layers alone", async () => {
    const { inputs, targets } = data(12)
    const model = perceptron()
    model.layers[0]!.trainable = false
    model.compile({ optimizer: sam(tf.train.sgd(0.1)), loss: "meanSquaredError" })
    const before = bits(model)
    await model.fit(inputs, targets, quietly({ epochs: 1 }))
    const after = bits(model)
    // the trainable ones come first
    assert.notDeepEqual(after.slice(0, 2), before.slice(0, 2))
    assert.deepStrictEqual(after.slice(2), before.slice(2))
  })

  it("is saved as its base, whose state it hands on", async () => {
    const { inputs, targets } = data(12)
    const optimizer = sam(tf.train.adam(0.01))
    const model = compiled(optimizer)
    await model.fit(inputs, targets, quietly({ epochs: 2 }))
    let saved: tf.io.ModelArtifacts | undefined
    const handler = tf.io.withSaveHandler((artifacts) => {
      saved = artifacts
      return Promise.resolve({
        modelArtifactsInfo: {
          dateSaved: DateTime.toDateUtc(DateTime.makeUnsafe(0)),
          modelTopologyType: "JSON",
        },
      })
    })
    await model.save(handler, { includeOptimizer: true })
    const config = saved!.trainingConfig!.optimizer_config as { readonly class_name: string }
    assert.strictEqual(config.class_name, "Adam")
    const weights = await optimizer.getWeights()
    const other = sam(tf.train.adam(0.01))
    await other.setWeights(weights)
    assert.strictEqual(other.iterations, optimizer.iterations)
    assert.strictEqual(optimizer.iterations, 2)
  })
})
