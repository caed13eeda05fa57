/** The command `flatten`: the flattest two-layer network of `z^3 + z` with the outputs of a given one. */
import { Activation, flatLimit, outputs, twoLayerThrough } from "@nonconvex/label-noise"
import { numbers } from "../../src/Numbers.ts"
import type { Parameters, Work, Workload } from "../../src/Workload.ts"

const sharpnessOf = (
  { activation, ...network }: ReturnType<typeof given>["network"],
  theta: Float64Array,
) => {
  const { dimension: d, features, neurons, size, weights } = network
  let sum = 0
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < neurons; j++) {
      let z = 0
      for (let a = 0; a < d; a++) z += features[i * d + a]! * theta[j * d + a]!
      sum += weights[i]! * activation.first(z) ** 2
    }
  }
  return sum
}

/** Rows of length 1 or so, and neurons that disagree on them; the Python side makes the same. */
const given = ({ dimension, neurons, rows }: Parameters) => {
  const scale = Math.sqrt(12 / dimension!)
  const features = numbers(rows! * dimension!, 1).map((x) => scale * x)
  const theta = numbers(neurons! * dimension!, 2).map((x) => 2 * x)
  const network = twoLayerThrough(theta, {
    activation: Activation.cubic(1),
    features,
    dimension: dimension!,
    neurons: neurons!,
  })
  return { network, theta }
}

const solve = (parameters: Parameters): Work => {
  const { network, theta } = given(parameters)
  let flat: Float64Array = theta
  return {
    run: () => {
      flat = flatLimit(network, theta).theta
    },
    result: () => {
      const changes = outputs(network, flat).map((f, i) => Math.abs(f - network.labels[i]!))
      return [sharpnessOf(network, flat), Math.max(...changes)]
    },
  }
}

const sizes: ReadonlyArray<readonly [rows: number, dimension: number, neurons: number]> = [
  [8, 11, 16],
  [16, 31, 16],
  [24, 61, 16],
]

export const workload: Workload = {
  cases: sizes.map(([rows, dimension, neurons]) => ({
    name: `${rows} rows of ${dimension}, ${neurons} neurons`,
    parameters: { rows, dimension, neurons },
    family: { work: "flatten", by: "parameters", size: dimension * neurons },
    figures: ["sharpness", "largest change of an output"],
  })),
  implementations: [{ name: "flatten", own: true, prepare: solve }],
}
