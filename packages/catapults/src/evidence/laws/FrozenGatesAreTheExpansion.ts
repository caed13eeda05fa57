/** The network with the gates of its start is its own second-order expansion. */
import { claim, Draw, type Given, Kind, Margin } from "@nonconvex/evidence"
import { descentOf } from "../../descent/Descent.ts"
import { sumSquared } from "../../network/OutputLoss.ts"
import { taylorModel } from "../../network/QuadraticModel.ts"
import * as TwoLayer from "../../theory/TwoLayer.ts"
import { expand, sized, type Sizes } from "../support/Expand.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { follow, ours } from "../support/Subject.ts"

/** The expansion of a two-layer ReLU network, its Hessians written out: `d^2 f / da_i dW_ij = 1[z_i > 0] x_j / sqrt(m d)`. */
const expansion = (instance: Sizes, { kernels }: Given) => {
  const { inputs, samples, width } = instance
  const expanded = expand(instance, kernels)
  const { features, start } = expanded
  const p = start.length
  const network = {
    inputs,
    width,
    features,
    first: start.subarray(0, width * inputs),
    second: start.subarray(width * inputs),
  }
  const jacobian = new Float64Array(samples * p)
  const hessians = new Float64Array(samples * p * p)
  const scale = 1 / Math.sqrt(width * inputs)
  for (let k = 0; k < samples; k++) {
    const one = new Float64Array(samples)
    one[k] = 1
    const { first, second } = TwoLayer.pullback(network, one)
    jacobian.set(first, k * p)
    jacobian.set(second, k * p + width * inputs)
    for (let i = 0; i < width; i++) {
      const a = width * inputs + i
      // the gradient in the second layer is positive just where the gate is open
      if (second[i] === 0) continue
      for (let j = 0; j < inputs; j++) {
        const w = i * inputs + j
        const value = features[k * inputs + j]! * scale
        hessians[(k * p + a) * p + w] = value
        hessians[(k * p + w) * p + a] = value
      }
    }
  }
  return { ...expanded, taylor: { predictions: TwoLayer.predictions(network), jacobian, hessians } }
}

export const frozenGatesAreTheExpansion = claim({
  id: "catapults/frozen-gates-are-the-expansion",
  statement:
    "The second-order expansion of a two-layer ReLU network at its start is the network with the gates of its start.",
  inFloatingPoint: "agreement",
  source: Kind.identity(
    derived("the neural quadratic model of Zhu et al. 2022 as a bilinear network"),
  ),
  subject: ours,
  instances: sized([5, 4, 6], { step: Draw.linear(0.1, 0.4), steps: Draw.integer(1, 4) }),
  value: 2,
  margin: ({ instance, kernels, subject, value: order }) => {
    const { step, steps } = instance
    const { taylor, ...problem } = expansion(instance, { kernels })
    const { start, targets } = problem
    const { predictions, jacobian, hessians } = taylor
    const linear = { predictions, jacobian }
    const model = taylorModel(order === 1 ? linear : { ...linear, hessians })
    const descent = descentOf(model, sumSquared(targets), new Float64Array(start.length))
    const run = subject({ ...problem, step, steps, frozen: true })
    const expected = follow(descent, steps, step)
    return Margin.all(
      nearVector(run.predictions, expected.predictions, 1e-11),
      nearVector(run.kernel, expected.kernel, 1e-11),
    )
  },
  controls: [
    {
      name: "gates that move",
      subject: (subject) => (problem) =>
        subject({ ...problem, frozen: false, steps: 3 * problem.steps }),
    },
    { name: "the first order alone", value: 1 },
  ],
})
