/** Advice and the directions of the input for a MobileNetV2 of 2.2 million weights, with progress: some minutes on wasm. */
import {
  adviseRadius,
  gradientOuterProduct,
  modelObjective,
  sam,
  softmaxCrossEntropy,
  TensorRuntime,
} from "@nonconvex/tensorflow"
import * as tf from "@tensorflow/tfjs"
import { Console, Effect } from "effect"
import { mobileNet } from "./MobileNet.ts"

const side = Number(process.argv[2] ?? 224)
const samples = 4

const measure = async () => {
  const model = mobileNet({ side, classes: 10 })
  const inputs = tf.randomUniform([samples, side, side, 3], -1, 1, "float32", 1)
  const targets = tf.oneHot(tf.range(0, samples, 1, "int32"), 10)
  const optimizer = sam(tf.train.adam(1e-3), { radius: 0.05 })
  model.compile({ optimizer, loss: softmaxCrossEntropy })
  await model.fit(inputs, targets, { epochs: 2, batchSize: samples, yieldEvery: "never" })
  const objective = modelObjective(model, { inputs, targets, loss: softmaxCrossEntropy })
  const started = performance.now()
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`
  const say = (text: string) => process.stderr.write(`${seconds()} ${text}\n`)
  const advice = await adviseRadius(objective, {
    radius: 0.05,
    tolerance: 1e-3,
    optimizer,
    maxProducts: 12,
    onProgress: ({ maxProducts, products, topEigenvalue }) =>
      say(`product ${products} of ${maxProducts}, top eigenvalue ${topEigenvalue.toPrecision(3)}`),
  })
  const found = await gradientOuterProduct(model, inputs, {
    count: 3,
    maxProducts: 30,
    onProgress: ({ maxProducts, products }) => say(`AGOP product ${products} of ${maxProducts}`),
  })
  return { weights: objective.dimension, advice, ...found, eigenvectors: found.eigenvectors.length }
}

await Effect.runPromise(
  Effect.promise(measure).pipe(
    Effect.flatMap(Console.log),
    Effect.provide(TensorRuntime.layerWasm),
  ),
)
