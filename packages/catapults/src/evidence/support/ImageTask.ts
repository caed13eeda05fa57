/** Two classes of images, a few of which are trained on, with the AGOP of a strong predictor that had many more. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Effect } from "effect"
import * as Agop from "../../features/Agop.ts"
import { recursiveFeatureMachine } from "../../features/RecursiveFeatureMachine.ts"
import { normalStart, ntkArchitecture } from "../../network/NtkArchitecture.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { imagePair } from "./FashionPair.ts"
import { signAccuracy, testedOn } from "./SignAccuracy.ts"
import { halved, type Labelled } from "./SpikeRun.ts"

const part = ({ features, labels }: Labelled, from: number, to: number): Labelled => {
  const inputs = features.length / labels.length
  return {
    features: features.slice(from * inputs, to * inputs),
    labels: labels.slice(from, to),
  }
}

interface Sizes {
  readonly images?: "fashion-mnist" | "cifar-10"
  /** Images that networks are trained on. */
  readonly samples: number
  /** Images that the reference predictor is fitted to; those that networks are trained on are among them. */
  readonly referenceSamples: number
  readonly testSamples: number
}

/**
 * The images, the first half of the test images for tuning, the other for testing, and the reference: a recursive feature machine, its
 * accuracy on the images for testing, and its AGOP.
 */
export const imageTask = Effect.fn("ImageTask")(function* (sizes: Sizes, kernels: Kernels) {
  const counts = { train: sizes.referenceSamples, test: sizes.testSamples }
  const pair = yield* imagePair(sizes, counts)
  const [all, held] = [halved(pair.train), halved(pair.test)]
  const middle = held.labels.length >> 1
  const test = part(held, middle, held.labels.length)
  const inputs = all.features.length / all.labels.length
  const { labels: targets, features } = all
  const machine = recursiveFeatureMachine({ features, inputs, targets, kernels })
  return {
    inputs,
    train: part(all, 0, sizes.samples),
    tuning: part(held, 0, middle),
    test,
    reference: {
      agop: machine.agop,
      accuracy: signAccuracy(machine.predict(test.features), test.labels),
    },
  }
})

export type ImageTask = Effect.Success<ReturnType<typeof imageTask>>

/** Values of a lost run. */
export const lost = {
  tuningLoss: Number.NaN,
  testLoss: Number.NaN,
  testError: Number.NaN,
  alignment: Number.NaN,
}

/** A network of two layers on the images of a task, from a normal start. */
export const imageNetwork = (
  { inputs, reference, test, train, tuning }: ImageTask,
  width: number,
  seed: Seed.Seed,
  kernels: Kernels,
) => {
  const architecture = ntkArchitecture({ widths: [inputs, width] })
  const on = ({ features }: Labelled) => ntkNetwork({ architecture, features, kernels })
  const [tuned, tested] = [on(tuning), on(test)]
  const predictions = (network: typeof tuned, parameters: Float64Array) => {
    const out = new Float64Array(network.size)
    network.predict(parameters, out)
    return out
  }
  return {
    network: on(train),
    loss: meanSquared(train.labels),
    start: normalStart(architecture, seed),
    /** On images that were not trained on, and the alignment of the AGOP there with that of the reference. */
    quality: (parameters: Float64Array): typeof lost => {
      const found = testedOn(predictions(tested, parameters), test.labels)
      return {
        tuningLoss: testedOn(predictions(tuned, parameters), tuning.labels).testLoss,
        testLoss: found.testLoss,
        testError: 1 - found.accuracy,
        alignment: Agop.alignment(Agop.agop(tested, parameters), reference.agop),
      }
    },
  }
}
