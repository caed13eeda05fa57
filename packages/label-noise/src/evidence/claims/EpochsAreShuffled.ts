import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { labelNoiseSgd, type Sampling } from "../../descent/LabelNoiseSgd.ts"
import * as Activation from "../../network/Activation.ts"
import { twoLayerThrough } from "../../network/TwoLayer.ts"
import { derived } from "../support/Paper.ts"

/** So many that two shuffles are the same once in 10^8. */
const size = 12

export const epochsAreShuffled = claim<{ readonly batch: number; readonly seed: number }, Sampling>(
  {
    id: "label-noise/epochs-are-shuffled",
    statement: "An epoch sees every datum once, and in another order than the one before.",
    inFloatingPoint: "program",
    source: derived("sampling of label-noise SGD"),
    instances: Draw.record({ batch: Draw.integer(1, size), seed: Draw.seed() }),
    value: "epoch",
    margin: ({ instance: { batch, seed }, kernels, value: sampling }) => {
      const ones = Float64Array.from({ length: size }, () => 1)
      const features = Float64Array.from({ length: size * size }, (_, k) =>
        k % (size + 1) === 0 ? 1 : 0,
      )
      const activation = Activation.cubic(1)
      const shape = { activation, features, dimension: size, neurons: 1, kernels }
      const method = labelNoiseSgd({
        learningRate: 0.01,
        noise: 0.1,
        sampling,
        batch: sampling === "full" ? size : batch,
        seed: Seed.root(seed),
      })
      const run = method.init(twoLayerThrough(ones, shape), ones)
      const seen: Array<number> = []
      while (seen.length < 3 * size) {
        method.step(run)
        seen.push(...run.indices)
      }
      const epochs = [0, 1, 2].map((k) => seen.slice(k * size, (k + 1) * size))
      const orders = new Set(epochs.map((epoch) => epoch.join()))
      return Margin.holds(
        orders.size === 3 && epochs.every((epoch) => new Set(epoch).size === size),
      )
    },
    controls: [
      { name: "with replacement", value: "replacement" },
      { name: "all data in their order", value: "full" },
    ],
  },
)
