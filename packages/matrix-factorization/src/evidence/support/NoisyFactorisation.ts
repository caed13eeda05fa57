import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Sampler from "@nonconvex/problems/Sampler"
import type { DeepFactorisation } from "../../factorisation/DeepFactorisation.ts"
import {
  labelNoiseDescent,
  type LabelNoiseDescentOptions,
  type LabelNoiseDescentState,
} from "../../factorisation/LabelNoiseDescent.ts"

type NoiseOptions = Omit<LabelNoiseDescentOptions, "learningRate">

/**
 * Loss of a factorisation on a batch with noisy labels, as an objective in the layers for any optimizer. `draw` draws the
 * batch of the next step.
 */
export interface NoisyFactorisation extends Objective {
  readonly factorisation: DeepFactorisation
  readonly options: NoiseOptions
  /** The measurements of the batch. */
  readonly indices: Uint32Array
  /** Labels with noise. */
  readonly labels: Float64Array
  readonly draw: () => void
}

/** The streams are those of `labelNoiseDescent` with the same options. */
export const noisyFactorisation = (
  factorisation: DeepFactorisation,
  options: NoiseOptions,
): NoisyFactorisation => {
  const { batch = factorisation.size, distribution, noise, sampling = "full", seed } = options
  const rule = sampling === "epoch" ? "passes" : "replacement"
  const sampler = Sampler.make(
    factorisation.size,
    sampling === "full" ? { rule: "whole" } : { rule, batch, seed: seed.child("indices") },
  )
  const stream = RandomStream.make(seed.child("noise"))
  const labels = new Float64Array(batch)
  const { indices } = sampler
  return {
    name: factorisation.name,
    constants: {},
    dimension: factorisation.dimension,
    factorisation,
    options,
    indices,
    labels,
    draw: () => {
      Sampler.next(sampler)
      for (let k = 0; k < batch; k++) {
        const drawn = distribution === "rademacher" ? stream.sign() : stream.normal()
        labels[k] = factorisation.targets[indices[k]!]! + noise * drawn
      }
    },
    valueAndGradient: (x, gradient) => factorisation.against(indices, labels, x, gradient),
  }
}

/** Subject of the laws of descent with label noise: gradient descent, by any method over an objective. */
export type DescentSubject = (learningRate: number) => Method<MethodState, NoisyFactorisation>

/** Run of `labelNoiseDescent`, which draws its own batches. */
interface Drawing extends MethodState {
  readonly method: Method<LabelNoiseDescentState, DeepFactorisation>
  readonly run: LabelNoiseDescentState
}

/** The method of this package. */
export const ourDescent: DescentSubject = (learningRate): Method<Drawing, NoisyFactorisation> => ({
  name: "label-noise descent",
  init: ({ factorisation, options }, start) => {
    const method = labelNoiseDescent({ ...options, learningRate })
    const run = method.init(factorisation, start)
    return { method, run, point: run.point, steps: 0, status: "running" }
  },
  step: (state) => {
    const loss = state.method.step(state.run)
    state.steps = state.run.steps
    state.status = state.run.status
    return loss
  },
})
