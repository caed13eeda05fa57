/** Every method of this package with every kind of draws, for the law that a resumed run gives the same bits. */
import type * as Resumption from "@nonconvex/problems/Resumption"
import type { FiniteSum, Method, MethodState } from "@nonconvex/problems"
import { Seed } from "@nonconvex/numerics"
import * as Draws from "../../src/perturbation/Draws.ts"
import { flatDescent, smoothedFlatDescent } from "../../src/perturbation/FlatDescent.ts"
import { sharpnessAwarePerturbation } from "../../src/perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../src/perturbation/SmoothedPerturbation.ts"
import { sparseRecovery } from "../../src/problems/DiagonalNetwork.ts"
import type { SampleModel } from "../../src/problems/SampleModel.ts"

const { network, start } = sparseRecovery()
/** The sum alone, without gradients of single samples. */
const sum: FiniteSum = {
  name: network.name,
  dimension: network.dimension,
  size: network.size,
  constants: network.constants,
  valueAndGradient: (x, gradient) => network.valueAndGradient(x, gradient),
  batchValueAndGradient: (indices, x, gradient) =>
    network.batchValueAndGradient(indices, x, gradient),
}

const seed = Seed.root(1)
const perturbed = {
  learningRate: 1e-3,
  plainLearningRate: 1e-3,
  radius: 0.1,
  gradientThreshold: Infinity,
  draws: Draws.fromSeed(seed),
}
const rates = { learningRate: 1e-3, flatteningRate: 1e-4, radius: 0.1 }

const methods: Readonly<Record<string, () => Method<MethodState, SampleModel>>> = {
  smoothed: () => smoothedPerturbation(perturbed),
  "smoothed antithetic, published draws": () =>
    smoothedPerturbation({ ...perturbed, antithetic: true, draws: Draws.published(7) }),
  "smoothed, random signs": () =>
    smoothedPerturbation({ ...perturbed, directions: 2, draws: Draws.rademacher(seed) }),
  "smoothed, some steps plain": () => smoothedPerturbation({ ...perturbed, gradientThreshold: 40 }),
  "sharpness-aware": () => sharpnessAwarePerturbation({ ...perturbed, batchSize: 2 }),
  "sharpness-aware, published draws": () =>
    sharpnessAwarePerturbation({ ...perturbed, draws: Draws.published(7) }),
  "flat descent": () => flatDescent({ ...rates, flatteningRate: (t) => 1e-4 / (1 + t) }),
  "smoothed flat descent": () => smoothedFlatDescent({ ...rates, draws: Draws.fromSeed(seed) }),
}

const begin = <State extends MethodState, Problem>(
  method: { init(problem: Problem, start: Float64Array): State; step(state: State): number },
  problem: Problem,
) => {
  const state = method.init(problem, start)
  return { state, step: () => method.step(state) }
}

export const cases: ReadonlyArray<Resumption.Case> = [
  ...Object.entries(methods).map(([name, make]) => ({
    name,
    begin: () => begin(make(), network),
  })),
  {
    name: "sharpness-aware, without gradients of samples",
    begin: () => begin(sharpnessAwarePerturbation(perturbed), sum),
  },
]
