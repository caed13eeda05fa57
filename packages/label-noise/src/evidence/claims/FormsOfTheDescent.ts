import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { runLabelNoise, stabilityLimit } from "../../descent/LabelNoiseSgd.ts"
import { type Form, noisyDescent } from "../../descent/NoisyDescent.ts"
import { type TwoLayer, twoLayerThrough } from "../../network/TwoLayer.ts"
import { derived } from "../support/Paper.ts"
import { expand, type Expanded, randomNetwork } from "../support/RandomNetwork.ts"

/** Sizes from which on the products of a step are compiled; see NoisyDescent. */
const compiled = { size: 16, extra: 4, neurons: 16 }

/** Tests that the default is the cheaper form, for few data and, with every datum repeated three times, for many. */
const takesTheCheaper = ({ network, theta }: Expanded): boolean =>
  [1, 3].every((times) => {
    const repeated = Array.from({ length: times * network.dimension }, (_, i) => {
      const from = (i % network.size) * network.dimension
      return Array.from(network.features.subarray(from, from + network.dimension))
    })
    const features = Float64Array.from(repeated.flat())
    const data = twoLayerThrough(theta, { ...network, features })
    // operations a datum and neuron
    const costs = { preactivations: 2 * data.size, parameters: 4 * data.dimension }
    const cheaper = costs.preactivations < costs.parameters ? "preactivations" : "parameters"
    return noisyDescent(data, theta, 1).form === cheaper
  })

/** Tests that both forms refuse a step from an overflowing loss, and stay in place. */
const refusesOverflow = ({ network, theta }: Expanded, batch: number): boolean =>
  (["parameters", "preactivations"] as const).every((form) => {
    const far = { ...network, labels: network.labels.map((label) => label + 1e200) }
    const descent = noisyDescent(far, theta, batch, form)
    const indices = Uint32Array.from({ length: batch }, (_, i) => i)
    const loss = descent.step(indices, new Float64Array(batch), 1e-300)
    return (
      !Number.isFinite(loss) && descent.computeParameters().every((value, k) => value === theta[k])
    )
  })

export const formsOfTheDescent = claim({
  id: "label-noise/forms-of-the-descent",
  statement:
    "Label-noise SGD in the parameters and in the pre-activations takes the same path, for every sampling and batch.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("two forms of label-noise SGD")),
  instances: Draw.record({
    problem: randomNetwork(),
    sampling: Draw.oneOf("full", "replacement", "epoch"),
    /** Batch size, capped by the number of data. */
    batch: Draw.integer(1, 4),
  }),
  value: (network: TwoLayer): TwoLayer => network,
  margin: ({ instance: { batch, problem, sampling }, kernels, value: change }) => {
    const marginOf = ({ network, theta }: Expanded, size: number, steps: number) => {
      const end = (form: Form, on: TwoLayer) =>
        runLabelNoise(on, theta, {
          learningRate:
            0.1 * stabilityLimit(network, theta, { convention: "half", sampling: "replacement" }),
          noise: 0.1,
          sampling,
          batch: sampling === "full" ? network.size : size,
          form,
          seed: Seed.root(problem.seed),
          steps,
        })
      const expected = end("parameters", network)
      const distance = Vector.distance(end("preactivations", change(network)), expected)
      return Margin.equal(distance, 0, { absolute: 1e-11 * (1 + Vector.norm(expected)) })
    }
    const small = expand(problem, { kernels })
    const large = expand({ ...problem, ...compiled }, { kernels })
    return Margin.all(
      marginOf(small, Math.min(batch, small.network.size), 50),
      marginOf(large, large.network.size, 3),
      Margin.holds(takesTheCheaper(small)),
      ...[small, large].map((each) =>
        Margin.holds(refusesOverflow(each, Math.min(batch, each.network.size))),
      ),
    )
  },
  controls: [
    {
      name: "a Gram matrix a thousandth too large",
      value: (network) => ({ ...network, gram: network.gram.map((value) => 1.001 * value) }),
    },
  ],
})
