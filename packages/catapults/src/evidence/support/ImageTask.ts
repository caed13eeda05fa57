/** Two classes of images with few training images, and the AGOP of a strong predictor trained on many more. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Seed from "@nonconvex/numerics/Seed"
import { Count } from "@nonconvex/problems/Fields"
import * as Sampler from "@nonconvex/problems/Sampler"
import { Effect, Schema } from "effect"
import * as Agop from "../../features/Agop.ts"
import { recursiveFeatureMachine } from "../../features/RecursiveFeatureMachine.ts"
import { normalStart, ntkArchitecture } from "../../network/NtkArchitecture.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { imagePair, imageSettings } from "./FashionPair.ts"
import { signAccuracy, testedOn } from "./SignAccuracy.ts"
import { componentsOf } from "./PrincipalComponents.ts"
import { halved, type Labelled } from "./SpikeRun.ts"

const part = ({ features, labels }: Labelled, from: number, to: number): Labelled => {
  const inputs = features.length / labels.length
  return {
    features: features.slice(from * inputs, to * inputs),
    labels: labels.slice(from, to),
  }
}

/** Settings of the images that no preset names. */
export const taskSettings = {
  ...imageSettings,
  /** Default the means of squares of two by two pixels; "components" are the first 30 principal components of these means, each with variance 1. */
  pixels: Schema.optionalKey(Schema.Literals(["quarter", "all", "components"])),
  /**
   * Training images of the networks, by default the first ones. "drawn" lets the root seed take equally many of each
   * class from the reference images.
   */
  training: Schema.optionalKey(Schema.Literals(["first", "drawn"])),
  /**
   * Training images for validation, taken after those of the reference; all test images are then used for the test. By
   * default the first half of the test images is for validation and the second half for the test.
   */
  tuningSamples: Schema.optionalKey(Count),
}

/** Names of these settings. */
export const taskOptions = ["images", "pixels", "training", "tuningSamples"] as const

interface Sizes {
  readonly images?: "fashion-mnist" | "cifar-10"
  readonly pixels?: "quarter" | "all" | "components"
  readonly training?: "first" | "drawn"
  readonly tuningSamples?: number
  /** Images that networks are trained on. */
  readonly samples: number
  /** Training images of the reference predictor, which include those of the networks. */
  readonly referenceSamples: number
  readonly testSamples: number
}

/** Draws equally many images of each class without replacement; the classes alternate in `all`. */
export const drawn = (
  { features, labels }: Labelled,
  samples: number,
  seed: Seed.Seed,
): Labelled => {
  const inputs = features.length / labels.length
  const pairs = labels.length >> 1
  const sampler = Sampler.make(pairs, { rule: "epochs", batch: (samples + 1) >> 1, seed })
  const chosen = [...Sampler.next(sampler)].flatMap((k) => [2 * k, 2 * k + 1]).slice(0, samples)
  const out = new Float64Array(samples * inputs)
  chosen.forEach((from, k) =>
    out.set(features.subarray(from * inputs, (from + 1) * inputs), k * inputs),
  )
  return { features: out, labels: Float64Array.from(chosen, (from) => labels[from]!) }
}

/** Images for validation and for the test. */
const heldOut = (
  test: Labelled,
  others: Labelled,
  { tuningSamples }: Pick<Sizes, "tuningSamples">,
): { readonly tuning: Labelled; readonly test: Labelled } => {
  if (tuningSamples === undefined) {
    const middle = test.labels.length >> 1
    return { tuning: part(test, 0, middle), test: part(test, middle, test.labels.length) }
  }
  if (others.labels.length < tuningSamples) {
    invalid("imageTask", "the reference must leave enough training images for validation", {
      tuningSamples,
      left: others.labels.length,
    })
  }
  return { tuning: others, test }
}

const machineOf = ({ features, labels: targets }: Labelled, inputs: number, kernels: Kernels) =>
  recursiveFeatureMachine({ features, inputs, targets, kernels })

/**
 * Alignment of the AGOPs of two references, each fitted to one half of the images: measures how far they depend on the
 * sample of images.
 */
const agreementOf = (all: Labelled, inputs: number, kernels: Kernels): number => {
  const size = all.labels.length
  const middle = size >> 1
  const [first, second] = [part(all, 0, middle), part(all, middle, size)]
  return Agop.alignment(
    machineOf(first, inputs, kernels).agop,
    machineOf(second, inputs, kernels).agop,
  )
}

/**
 * Images for training, validation and test, and the reference: a recursive feature machine, its test accuracy and its
 * AGOP.
 */
export const imageTask = Effect.fn("ImageTask")(function* (
  sizes: Sizes,
  kernels: Kernels,
  seed: Seed.Seed,
) {
  const { pixels, referenceSamples, samples, training, tuningSamples = 0 } = sizes
  const counts = { train: referenceSamples + tuningSamples, test: sizes.testSamples }
  const pair = yield* imagePair(sizes, counts)
  const [known, unseen] =
    pixels === "all" ? [pair.train, pair.test] : [halved(pair.train), halved(pair.test)]
  const fitted = Math.min(referenceSamples, known.labels.length)
  const seen =
    pixels === "components"
      ? componentsOf(part(known, 0, fitted), kernels)
      : (images: Labelled) => images
  const all = seen(part(known, 0, fitted))
  const others = seen(part(known, fitted, known.labels.length))
  const { test, tuning } = heldOut(seen(unseen), others, sizes)
  const inputs = all.features.length / all.labels.length
  const reference = machineOf(all, inputs, kernels)
  return {
    inputs,
    train: training === "drawn" ? drawn(all, samples, seed.child("images")) : part(all, 0, samples),
    tuning,
    test,
    reference: {
      agop: reference.agop,
      accuracy: signAccuracy(reference.predict(test.features), test.labels),
    },
    ...(training === "drawn" ? { agreement: agreementOf(all, inputs, kernels) } : {}),
  }
})

export type ImageTask = Effect.Success<ReturnType<typeof imageTask>>

/** Agreement of the references as a column, if known. */
export const agreementIn = ({ agreement }: ImageTask) =>
  agreement === undefined ? {} : { agreement }

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
    /** Measured on test images, with the alignment of the AGOP there with that of the reference. */
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
