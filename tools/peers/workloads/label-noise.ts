/** Steps of label-noise SGD, of few neurons with one of three data a step and of many with all of twenty. */
import { Activation, noisyDescent, twoLayer } from "@nonconvex/label-noise"
import { numbers } from "../src/Numbers.ts"
import { Kernels } from "@nonconvex/numerics"
import type { Parameters, Work, Workload } from "../src/Workload.ts"
import { compiled } from "./numerics/Compiled.ts"

const learningRate = 0.01

const descend =
  (form: "parameters" | "preactivations", kernels: Kernels.Kernels) =>
  ({ batch, count, dimension, neurons, runs = 1, size }: Parameters): Work | undefined => {
    if (batch === undefined || count === undefined || dimension === undefined) return undefined
    if (neurons === undefined || size === undefined) return undefined
    const features = numbers(size * dimension, 1)
    for (let i = 0; i < size; i++) {
      const row = features.subarray(i * dimension, (i + 1) * dimension)
      const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0))
      for (let a = 0; a < dimension; a++) row[a]! /= norm
    }
    const network = twoLayer({
      activation: Activation.cubic(1),
      features,
      dimension,
      labels: numbers(size, 2),
      neurons,
      kernels,
    })
    const start = numbers(neurons * dimension, 3).map((u) => u / 4)
    // drawn before the clock starts, as on the other side
    const length = count * batch
    const ofRun = <A>(all: { readonly subarray: (from: number, to: number) => A }) =>
      Array.from({ length: runs }, (_, r) => all.subarray(r * length, (r + 1) * length))
    const indices = ofRun(
      Uint32Array.from(numbers(runs * length, 4), (u, k) =>
        batch === size ? k % size : Math.floor((u + 0.5) * size),
      ),
    )
    const noise = ofRun(numbers(runs * length, 5).map((u) => u / 10))
    let thetas: ReadonlyArray<Float64Array> = []
    return {
      run: () => {
        const descents = indices.map(() => noisyDescent(network, start, batch, form))
        for (const [r, { step, twin }] of descents.entries()) {
          const [chosen, epsilon] = [indices[r]!, noise[r]!]
          const from = twin?.(chosen, epsilon, learningRate, kernels) ?? 0
          for (let at = from * batch; at < length; at += batch) {
            const to = at + batch
            step(chosen.subarray(at, to), epsilon.subarray(at, to), learningRate)
          }
        }
        thetas = descents.map((descent) => descent.computeParameters())
      },
      result: () => thetas.flatMap((theta) => Array.from(theta)),
    }
  }

/** Of all data in a step, whose products the kernels compute. */
const native = compiled((kernels) => {
  const products = descend("preactivations", kernels)
  return (parameters) =>
    parameters["batch"] === parameters["size"] ? products(parameters) : undefined
})

export const workload: Workload = {
  ...native,
  cases: [
    ...[10, 30, 90].map((neurons) => ({
      name: `20000 label-noise steps, ${neurons} neurons, 3 data, d=3, one a step`,
      parameters: { count: 20_000, neurons, size: 3, dimension: 3, batch: 1 },
      family: { work: "20000 label-noise steps, 3 data, one a step", by: "neurons", size: neurons },
      tolerance: 1e-9,
    })),
    {
      name: "20000 label-noise steps, 10 neurons, 3 data, d=3, one a step, 8 runs",
      parameters: { count: 20_000, neurons: 10, size: 3, dimension: 3, batch: 1, runs: 8 },
      tolerance: 1e-9,
    },
    ...[25, 100, 400].map((neurons) => ({
      name: `2000 label-noise steps, ${neurons} neurons, 20 data, d=50, all a step`,
      parameters: { count: 2000, neurons, size: 20, dimension: 50, batch: 20 },
      family: { work: "2000 label-noise steps, 20 data, all a step", by: "neurons", size: neurons },
      // of the steps in the parameters; those in the pre-activations need a fifth of them
      operations: 2000 * 4 * 20 * neurons * 50,
      limit: "float64" as const,
      tolerance: 1e-9,
    })),
    {
      name: "2000 label-noise steps, 25 neurons, 20 data, d=50, all a step, 8 runs",
      parameters: { count: 2000, neurons: 25, size: 20, dimension: 50, batch: 20, runs: 8 },
      tolerance: 1e-9,
    },
  ],
  implementations: [
    { name: "label-noise", own: true, prepare: descend("preactivations", Kernels.strict()) },
    {
      name: "label-noise, in parameters",
      own: true,
      prepare: descend("parameters", Kernels.strict()),
    },
    ...native.implementations,
  ],
}
