/** An epoch of ResNet-8 on 5,000 images of 28 x 28 pixels, in batches of 100, by SGD or SAM: with batch normalisation, in float32. */
import type { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { gradientMethod, resNet8, sam, sgd } from "@nonconvex/problems"
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import { type Method, type MethodState, singlePrecision } from "@nonconvex/problems"
import type { Stochastic } from "@nonconvex/problems/Objective"
import * as Sampler from "@nonconvex/problems/Sampler"
import { numbers } from "../src/Numbers.ts"
import type { Parameters, Work, Workload } from "../src/Workload.ts"
import { compiled } from "./numerics/Compiled.ts"

const [count, batch] = [5000, 100]
const features = Float32Array.from(numbers(count * 784, 99))
const labels = Int32Array.from({ length: count }, (_, i) => i % 10)

/** The start of `python/networks.py`: numbers over the root of the window, scales 1 and shifts 0. */
const startOf = ({
  dimension,
  layers,
  normalisations,
}: Architecture.Architecture): Float64Array => {
  const x = new Float64Array(dimension)
  const tensors = [
    ...layers.flatMap(({ bias, inputs, outputs, weights }) => [
      { at: weights, length: inputs * outputs, scale: Math.sqrt(24 / inputs) },
      ...(bias === undefined ? [] : [{ at: bias, length: outputs, scale: 0 }]),
    ]),
    ...normalisations.flatMap(({ channels, scales }) => [
      { at: scales, length: channels, scale: 1 },
      { at: scales + channels, length: channels, scale: 0 },
    ]),
  ].toSorted((a, b) => a.at - b.at)
  const isScale = new Set(normalisations.map(({ scales }) => scales))
  for (const [salt, { at, length, scale }] of tensors.entries()) {
    if (isScale.has(at)) x.fill(1, at, at + length)
    else if (scale > 0)
      for (const [k, value] of numbers(length, salt).entries()) x[at + k] = value * scale
  }
  return x
}

const base = sgd({ learningRate: 0.01 })

/** Steps over all batches in order; the result is the loss of each. */
const walked = <State extends MethodState>(
  kernels: Kernels.Kernels,
  channels: number,
  method: Method<State, Stochastic>,
): Work => {
  const architecture = resNet8({
    input: { height: 28, width: 28, channels: 1 },
    classes: 10,
    channels,
  })
  const loss = Loss.crossEntropy(labels)
  const sum = singlePrecision({ features, dimension: 784, architecture, loss, kernels })
  const start = startOf(architecture)
  const sampler = Sampler.make(batch, { rule: "whole" })
  const { indices } = sampler
  const batches: Stochastic = {
    dimension: sum.dimension,
    sampler,
    valueAndGradient: (x, gradient) => sum.batchValueAndGradient(indices, x, gradient),
    advance: () => {
      for (let k = 0; k < batch; k++) indices[k]! += batch
    },
  }
  const losses = new Float64Array(count / batch)
  return {
    run: () => {
      const state = method.init(batches, start)
      for (let k = 0; k < batch; k++) indices[k] = k
      for (let k = 0; k < losses.length; k++) {
        losses[k] = method.step(state)
        batches.advance()
      }
    },
    result: () => losses,
  }
}

const epoch =
  (kernels: Kernels.Kernels) =>
  (parameters: Parameters): Work => {
    const { channels, radius } = parameters as {
      readonly channels: number
      readonly radius: number
    }
    return radius === 0
      ? walked(kernels, channels, gradientMethod(base))
      : walked(kernels, channels, sam({ radius, base }))
  }

const native = compiled(epoch, () => true)

export const workload: Workload = {
  cases: [
    ...[4, 8, 16].map((channels) => ({
      name: `an epoch of ResNet-8, 5,000 images, ${channels} channels`,
      parameters: { channels, radius: 0 },
      family: { work: "an epoch of ResNet-8", by: "channels", size: channels },
      tolerance: 1e-3,
    })),
    {
      name: "an epoch of ResNet-8 by SAM, 5,000 images, 8 channels",
      parameters: { channels: 8, radius: 0.05 },
      tolerance: 1e-3,
    },
  ],
  implementations: [
    { name: "relaxed", own: true, prepare: epoch(RelaxedKernels.relaxed()) },
    ...native.implementations,
  ],
  missing: native.missing,
  versions: native.versions,
}
