/** Runs of several methods from one point; they count the sample gradients of each step. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import { sam } from "@nonconvex/problems/Sam"
import { sgd } from "@nonconvex/problems/Sgd"
import { usam } from "@nonconvex/problems/Usam"
import * as Draws from "../../perturbation/Draws.ts"
import { sharpnessAwarePerturbation } from "../../perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"

interface Contender {
  readonly method: "SGD" | "label noise" | "SAM" | "USAM" | "RS" | "SA"
  readonly learningRate: number
  /** Radius of SAM, RS and SA, factor of the gradient of USAM, standard deviation of label noise; without meaning for SGD. */
  readonly strength: number
  /** Samples averaged in a step of SA; default 1, as in the paper. */
  readonly samples?: number
}

interface Options {
  readonly objective: FiniteSum
  readonly start: Float64Array
  /** Targets of the objective, `outputs` numbers per sample. */
  readonly right: Float64Array
  readonly outputs: number
  /** The objective with other targets, which it reads again at each step. */
  readonly withTargets: (targets: Float64Array) => FiniteSum
  readonly batchSize: number
  /** eps0 of RS and SA. */
  readonly gradientThreshold: number
  /** eta' of RS and SA. */
  readonly plainLearningRate: number
  readonly seed: Seed.Seed
}

/** A run that takes steps until a given number of sample gradients is spent. */
interface Run {
  readonly state: MethodState
  /** Number of sample gradients in a step. */
  readonly cost: number
  readonly step: () => void
}

const onWhole = <State extends MethodState>(
  method: Method<State, FiniteSum>,
  { objective, start }: Options,
  cost: number,
): Run => {
  const state = method.init(objective, start)
  return { state, cost, step: () => void method.step(state) }
}

const onBatches = (
  method: Method,
  batches: Minibatch.Minibatch,
  start: Float64Array,
  cost: number,
  before: () => void = () => {},
): Run => {
  const state = method.init(batches, start)
  return {
    state,
    cost,
    step: () => {
      before()
      method.step(state)
      batches.advance()
    },
  }
}

/** Writes the targets with fresh noise, for the samples of a batch, into the array that the network of `targets` reads. */
const noiseInto = (
  targets: Float64Array,
  deviation: number,
  { outputs, right, seed }: Pick<Options, "outputs" | "right" | "seed">,
) => {
  const stream = RandomStream.make(seed.child("noise"))
  const noise = new Float64Array(outputs)
  return (indices: Uint32Array) => {
    for (const i of indices) {
      stream.fillNormal(noise)
      const from = i * noise.length
      for (let j = 0; j < noise.length; j++) {
        targets[from + j] = right[from + j]! + deviation * noise[j]!
      }
    }
  }
}

/** A run of the method. All methods with batches draw the same batches. */
export const runOf = (
  { learningRate, method, samples = 1, strength }: Contender,
  options: Options,
): Run => {
  const { batchSize, gradientThreshold, objective, plainLearningRate, right, seed, start } = options
  const batchesOf = (sum: FiniteSum) =>
    Minibatch.shuffled(sum, { batchSize, seed: seed.child("batches") })
  const size = Math.min(batchSize, objective.size)
  const base = sgd({ learningRate })
  const perturbation = {
    learningRate,
    plainLearningRate,
    radius: strength,
    gradientThreshold,
    draws: Draws.fromSeed(seed.child("draws")),
  }
  switch (method) {
    case "SGD":
      return onBatches(gradientMethod(base), batchesOf(objective), start, size)
    case "label noise": {
      const targets = right.slice()
      const batches = batchesOf(options.withTargets(targets))
      const renew = noiseInto(targets, strength, options)
      return onBatches(gradientMethod(base), batches, start, size, () => renew(batches.indices))
    }
    case "SAM":
      return onBatches(sam({ radius: strength, base }), batchesOf(objective), start, 2 * size)
    case "USAM":
      return onBatches(usam({ radius: strength, base }), batchesOf(objective), start, 2 * size)
    case "RS":
      return onWhole(smoothedPerturbation(perturbation), options, 2 * objective.size)
    case "SA":
      return onWhole(
        sharpnessAwarePerturbation({ ...perturbation, batchSize: samples }),
        options,
        objective.size + 2 * samples,
      )
  }
}
