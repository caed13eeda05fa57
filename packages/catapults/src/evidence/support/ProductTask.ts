/**
 * Regression on a product of coordinates: the synthetic task of the paper (rank 2, as recalled), with its true AGOP.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Agop from "../../features/Agop.ts"
import { normalStart, ntkArchitecture } from "../../network/NtkArchitecture.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { normals } from "./Expand.ts"

/** Values of a lost run. */
export const lost = { testLoss: Number.NaN, alignment: Number.NaN }
export type Quality = Readonly<typeof lost>

interface ProductSizes {
  readonly inputs: number
  readonly width: number
  readonly samples: number
  /** Number of coordinates whose product is the target; default 2. */
  readonly rank?: number
  /** Default 2000. */
  readonly testSamples?: number
}

/** `y = x_1 ... x_rank` on standard normal inputs, and a two-layer ReLU network at its start. */
export const productTask = (
  { inputs, rank = 2, samples, testSamples = 2000, width }: ProductSizes,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
) => {
  const draw = (count: number, label: string) => {
    const features = normals(seed.child(label), count * inputs)
    const targets = Float64Array.from({ length: count }, (_, i) => {
      let product = 1
      for (let j = 0; j < rank; j++) product *= features[i * inputs + j]!
      return product
    })
    return { features, targets }
  }
  const train = draw(samples, "train")
  const test = draw(testSamples, "test")
  const architecture = ntkArchitecture({ widths: [inputs, width] })
  const on = (features: Float64Array) => ntkNetwork({ architecture, features, kernels })
  const truth = Agop.ofProduct(rank, inputs)
  const tested = on(test.features)
  return {
    architecture,
    network: on(train.features),
    loss: meanSquared(train.targets),
    start: normalStart(architecture, seed.child("start")),
    ...train,
    test,
    /** Mean squared error on fresh samples, and the alignment of the AGOP there with the true one. */
    quality: (parameters: Float64Array): Quality => {
      const predictions = new Float64Array(testSamples)
      const gradients = new Float64Array(testSamples * inputs)
      tested.predict(parameters, predictions)
      tested.inputGradients(gradients)
      const sum = Agop.agopSum(inputs, kernels)
      sum.add(gradients)
      let squares = 0
      for (let i = 0; i < testSamples; i++)
        squares += Elementary.square(predictions[i]! - test.targets[i]!)
      return { testLoss: squares / testSamples, alignment: Agop.alignment(sum.value(), truth) }
    },
  }
}

export type ProductTask = ReturnType<typeof productTask>
