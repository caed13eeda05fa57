/** Steps of SAM on a convolutional network of TensorFlow.js, on each of its backends. */
import { sam, TensorRuntime } from "@nonconvex/tensorflow"
import * as TensorflowNode from "@nonconvex/tensorflow/node"
import * as tf from "@tensorflow/tfjs"
import { Effect, Exit } from "effect"
import { allThreads } from "../src/Measure.ts"
import { numbers } from "../src/Numbers.ts"
import type { Implementation, Parameters, Work, Workload } from "../src/Workload.ts"

const layers = {
  wasm: TensorRuntime.layerWasm,
  cpu: TensorRuntime.layerCpu,
  compiled: TensorflowNode.layerCompiled,
  native: TensorflowNode.layerNode,
}

/** What TensorFlow.js calls them; undefined where one is not there. */
const backends: Partial<Record<keyof typeof layers, string>> = {}
const missing: Record<string, string> = {}

const whereFrom: Record<keyof typeof layers, string> = {
  wasm: "does not start",
  cpu: "does not start",
  compiled: "not built; see the README of @nonconvex/native",
  native: "not built; see the README of @nonconvex/tensorflow",
}

for (const name of ["cpu", "native", "compiled", "wasm"] as const) {
  const found = await Effect.runPromiseExit(
    Effect.provide(
      Effect.gen(function* () {
        yield* TensorRuntime
        return tf.getBackend()
      }),
      layers[name],
    ),
  )
  if (Exit.isSuccess(found)) backends[name] = found.value
  else missing[`tensorflow ${name}`] = whereFrom[name]
}

/** The images of the example: 28 x 28, two convolutions, two pools, ten classes. */
const network = ({ batch }: Parameters) => {
  const weights = [
    [3, 3, 1, 8],
    [3, 3, 8, 16],
    [400, 10],
  ].map((shape, k) => {
    const size = shape.reduce((product, length) => product * length, 1)
    const values = Float32Array.from(numbers(size, k + 1), (value) => 0.2 * value)
    return tf.variable(tf.tensor(values, shape))
  })
  const [first, second, dense] = weights as [tf.Variable, tf.Variable, tf.Variable]
  const pixels = Float32Array.from(numbers(batch! * 784, 9))
  const images = tf.tensor4d(pixels, [batch!, 28, 28, 1])
  const labels = tf.oneHot(
    Array.from({ length: batch! }, (_, i) => i % 10),
    10,
  )
  const loss = () => {
    const block = (x: tf.Tensor4D, filter: tf.Variable) =>
      tf.maxPool(
        tf.relu(tf.conv2d(x, filter as tf.Variable<tf.Rank.R4>, 1, "valid")),
        2,
        2,
        "valid",
      )
    const features = block(block(images, first), second)
    const logits = tf.matMul(tf.reshape(features, [batch!, 400]), dense)
    return tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(labels, logits)
  }
  return { weights, loss, start: weights.map((weight) => weight.dataSync().slice()) }
}

/** Optimizers that take turns with the network from its start; `result` is the loss of the last step, or of the first. */
const steps =
  (backend: string | undefined, make: (rate: number) => tf.Optimizer, count: number) =>
  (parameters: Parameters): Work | undefined => {
    if (backend === undefined) return undefined
    // seconds a run already at the smallest
    if (backend === "cpu" && parameters["batch"] !== 4) return undefined
    const isOverhead = parameters["overhead"] === 1
    const { loss, start, weights } = network(parameters)
    const optimizer = make(0.05)
    let [first, last] = [0, 0]
    return {
      run: async () => {
        // looks all its kernels up again, which is for when another one had its turn
        if (tf.getBackend() !== backend) await tf.setBackend(backend)
        weights.forEach((weight, k) => {
          const tensor = tf.tensor(start[k]!, weight.shape)
          weight.assign(tensor)
          tensor.dispose()
        })
        for (let t = 0; t < count; t++) {
          const value = optimizer.minimize(loss, true, weights)!
          last = value.dataSync()[0]!
          if (t === 0) first = last
          value.dispose()
        }
      },
      result: () => [isOverhead ? first : last],
    }
  }

const aware = (rate: number) => sam(tf.train.sgd(rate), { radius: 0.05 })

const plain = (rate: number) => tf.train.sgd(rate)

const only =
  (overhead: number, prepare: Implementation["prepare"]): Implementation["prepare"] =>
  (parameters) =>
    parameters["overhead"] === overhead ? prepare(parameters) : undefined

const on = (name: keyof typeof layers): Implementation => ({
  name: `sam on ${name}`,
  own: true,
  prepare: only(0, steps(backends[name], aware, 5)),
})

/** In a process of its own, to which nobody said that it may have one thread. */
const onAllThreads: Implementation = {
  ...on("native"),
  name: `sam on native${allThreads}`,
  threads: "all",
}

export const workload: Workload = {
  cases: [
    ...[4, 16, 64].map((batch) => ({
      name: `5 SAM steps, convolutional network, batch ${batch}`,
      parameters: { batch, overhead: 0 },
      family: { work: "5 SAM steps, convolutional network", by: "batch", size: batch },
      tolerance: 1e-4,
    })),
    {
      name: "5 SAM steps or 10 plain ones, batch 64, wasm",
      parameters: { batch: 64, overhead: 1 },
      tolerance: 1e-5,
    },
  ],
  implementations: [
    on("wasm"),
    on("compiled"),
    on("cpu"),
    on("native"),
    onAllThreads,
    { name: "5 of sam", own: true, prepare: only(1, steps(backends.wasm, aware, 5)) },
    { name: "10 plain", own: true, prepare: only(1, steps(backends.wasm, plain, 10)) },
  ],
  missing,
  versions: { "@tensorflow/tfjs": tf.version.tfjs },
}
