/** The trace of the Hessian of a piecewise linear network is that of its Gauss-Newton matrix: ours. */
import { type Claim, claim, Draw, Margin } from "@nonconvex/evidence"
import { RandomStream, Seed } from "@nonconvex/numerics"
import {
  Activation,
  Architecture,
  exactTrace,
  Initialisation,
  Loss,
  network,
  type Objective,
} from "@nonconvex/problems"
import { derived } from "./Paper.ts"

interface Instance {
  readonly inputs: number
  readonly hidden: ReadonlyArray<number>
  readonly outputs: number
  readonly samples: number
  readonly loss: "squared" | "cross entropy"
  readonly bias: boolean
  readonly seed: number
}
const instances = Draw.record<Instance>({
  inputs: Draw.integer(1, 4),
  hidden: Draw.list(Draw.integer(2, 5), 1, 3),
  outputs: Draw.integer(2, 3),
  samples: Draw.integer(1, 5),
  loss: Draw.oneOf("cross entropy", "squared"),
  bias: Draw.oneOf(true, false),
  seed: Draw.seed(),
})

const expand = (instance: Instance, activation: Activation.Activation) => {
  const { bias, hidden, inputs, loss, outputs, samples, seed } = instance
  const root = Seed.root(seed)
  const stream = RandomStream.make(root.child("data"))
  const features = new Float64Array(samples * inputs)
  stream.fillNormal(features)
  const architecture = Architecture.make({ widths: [inputs, ...hidden, outputs], activation, bias })
  const point = Initialisation.normal(architecture, root.child("start"), 0.8)
  const targets = new Float64Array(samples * outputs)
  stream.fillNormal(targets)
  const labels = Int32Array.from({ length: samples }, () => stream.integer(outputs))
  const objective = network({
    features,
    dimension: inputs,
    architecture,
    loss: loss === "squared" ? Loss.squared(targets) : Loss.crossEntropy(labels),
  })
  return { architecture, features, objective, point }
}

/** The trace of each layer's block of the Hessian, by products with unit vectors. */
const byProducts = (
  objective: Pick<Objective, "dimension"> & Required<Pick<Objective, "hessianVector">>,
  architecture: Architecture.Architecture,
  point: Float64Array,
): ReadonlyArray<number> => {
  const unit = new Float64Array(objective.dimension)
  const out = new Float64Array(objective.dimension)
  return architecture.layers.map((layer, l) => {
    const end = architecture.layers[l + 1]?.weights ?? objective.dimension
    let sum = 0
    for (let i = layer.weights; i < end; i++) {
      unit[i] = 1
      objective.hessianVector(point, unit, out)
      sum += out[i]!
      unit[i] = 0
    }
    return sum
  })
}

const compare = (
  instance: Instance,
  actual: Activation.Activation,
  claimed: Activation.Activation,
  change: (layers: Float64Array) => void,
): number => {
  const { architecture, features, objective, point } = expand(instance, actual)
  const { layers } = exactTrace({
    features,
    dimension: instance.inputs,
    architecture: { ...architecture, activation: claimed },
    loss: instance.loss,
  })(point)
  change(layers)
  const expected = byProducts(objective, architecture, point)
  const scale = expected.reduce((sum, value) => sum + Math.abs(value), 1)
  return Margin.all(
    ...expected.map((value, l) => Margin.equal(layers[l]!, value, { absolute: 1e-11 * scale })),
  )
}
const keep = (): void => {
  // the traces as they are
}

/** `tr Hess` of a tanh network against its Gauss-Newton trace, from the Jacobian by differences of the outputs. */
const gaussNewton = (instance: Instance, activation: Activation.Activation): number => {
  const { architecture, features, objective, point } = expand(
    { ...instance, loss: "squared" },
    activation,
  )
  const count = instance.samples * instance.outputs
  const ahead = new Float64Array(count)
  const back = new Float64Array(count)
  const moved = point.slice()
  const h = 1e-5
  let trace = 0
  for (let i = 0; i < point.length; i++) {
    moved[i] = point[i]! + h
    objective.predict(moved, features, ahead)
    moved[i] = point[i]! - h
    objective.predict(moved, features, back)
    moved[i] = point[i]!
    for (let k = 0; k < count; k++) {
      trace += ((ahead[k]! - back[k]!) / (2 * h)) ** 2 / instance.samples
    }
  }
  const expected = byProducts(objective, architecture, point).reduce((sum, value) => sum + value, 0)
  return Margin.equal(trace, expected, { absolute: 1e-6 * (1 + Math.abs(expected)) })
}

const traceTheorem = claim<Instance>({
  id: "flat-minima/exact-trace-of-piecewise-linear-networks",
  statement:
    "Of a network with piecewise linear activations, the trace of the Hessian and of each layer's block is that of the Gauss-Newton matrix, which one backward sweep an output gives.",
  source: derived("affine in the parameters of each layer"),
  instances,
  margin: (instance) =>
    Margin.all(
      compare(instance, Activation.relu, Activation.relu, keep),
      compare(instance, Activation.identity, Activation.identity, keep),
    ),
  controls: [
    {
      name: "tanh: the Gauss-Newton trace is not that of the Hessian",
      instances,
      margin: (instance) => gaussNewton(instance, Activation.tanh),
    },
    {
      name: "the last layer counted twice",
      instances,
      margin: (instance) =>
        compare(instance, Activation.relu, Activation.relu, (layers) => {
          layers[layers.length - 1]! *= 2
        }),
    },
  ],
})

export const exactTraceClaims: ReadonlyArray<Claim> = [traceTheorem]
