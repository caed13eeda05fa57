/** The two forms of label-noise SGD: in the pre-activations a step costs 2 n m operations a datum, in the parameters 4 m d. */
import { Draw, Margin, parametrised } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { runLabelNoise, stabilityLimit } from "../../descent/LabelNoiseSgd.ts"
import type { Form } from "../../descent/NoisyDescent.ts"
import { type TwoLayer } from "../../network/TwoLayer.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomNetwork } from "../support/RandomNetwork.ts"

export const descentForms = parametrised({
  id: "label-noise/forms-of-the-descent",
  statement:
    "Label-noise SGD in the parameters and in the pre-activations takes the same path, for every sampling and batch.",
  source: derived("two forms of label-noise SGD"),
  instances: Draw.record({
    problem: randomNetwork(),
    sampling: Draw.oneOf("full", "replacement", "epoch"),
    /** Data a step, as far as there are so many. */
    batch: Draw.integer(1, 4),
  }),
  margin: ({ batch, problem, sampling }, given, change) => {
    const { network, theta } = expand(problem, given)
    const end = (form: Form, on: TwoLayer) =>
      runLabelNoise(on, theta, {
        learningRate:
          0.1 * stabilityLimit(network, theta, { convention: "half", sampling: "replacement" }),
        noise: 0.1,
        sampling,
        batch: sampling === "full" ? network.size : Math.min(batch, network.size),
        form,
        seed: Seed.root(problem.seed),
        steps: 50,
      })
    const expected = end("parameters", network)
    const distance = Vector.distance(end("preactivations", change(network)), expected)
    return Margin.equal(distance, 0, { absolute: 1e-11 * (1 + Vector.norm(expected)) })
  },
  holds: (network: TwoLayer): TwoLayer => network,
  fails: [
    [
      "a Gram matrix a thousandth too large",
      (network) => ({ ...network, gram: network.gram.map((value) => 1.001 * value) }),
    ],
  ],
})
