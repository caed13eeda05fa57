/**
 * Makes a small network by TensorFlow.js, as a browser saves it, for the tests of `interchange`, and what it says of four samples. Run it
 * with Node.
 */
import * as tf from "@tensorflow/tfjs"
import { DateTime } from "effect"
import { mkdirSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const folder = fileURLToPath(
  new URL("../../interchange/test/networks/golden/tfjs/", import.meta.url),
)
mkdirSync(folder, { recursive: true })
const wave = (count: number, f: (i: number) => number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => f(i))

const model = tf.sequential({
  layers: [
    tf.layers.conv2d({
      inputShape: [7, 6, 2],
      filters: 3,
      kernelSize: 3,
      padding: "same",
      activation: "relu",
    }),
    tf.layers.batchNormalization({}),
    tf.layers.averagePooling2d({ poolSize: 2 }),
    tf.layers.flatten({}),
    tf.layers.dense({ units: 4, activation: "tanh" }),
    tf.layers.dense({ units: 3 }),
  ],
})
model.setWeights(
  model.getWeights().map((weight, k) => {
    const values = wave(weight.size, (i) => Math.sin(1.7 * (i + 1) + k))
    const scale = weight.rank === 1 ? 0.3 : 1.5 / Math.sqrt(weight.size / weight.shape.at(-1)!)
    const shift = /gamma|moving_variance/.test(model.weights[k]!.name) ? 1 : 0
    return tf.tensor(
      values.map((value) => shift + scale * value),
      weight.shape,
    )
  }),
)
const x = wave(4 * 84, (i) => 1.3 * Math.sin(2.3 * i + 0.4))
const outputs = model.predict(tf.tensor(x, [4, 7, 6, 2])) as tf.Tensor
await model.save(
  tf.io.withSaveHandler((artifacts) => {
    const { modelTopology, weightData, weightSpecs, ...rest } = artifacts
    const weightsManifest = [{ paths: ["./model.weights.bin"], weights: weightSpecs! }]
    writeFileSync(
      `${folder}model.json`,
      JSON.stringify({
        modelTopology,
        weightsManifest,
        format: rest.format,
        generatedBy: rest.generatedBy,
      }),
    )
    writeFileSync(`${folder}model.weights.bin`, Buffer.from(weightData as ArrayBuffer))
    const modelArtifactsInfo = {
      dateSaved: DateTime.toDate(DateTime.makeUnsafe(0)),
      modelTopologyType: "JSON" as const,
    }
    return Promise.resolve({ modelArtifactsInfo })
  }),
)
writeFileSync(`${folder}golden.json`, JSON.stringify({ outputs: [...outputs.dataSync()] }))
