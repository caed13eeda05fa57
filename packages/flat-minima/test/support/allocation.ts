/** Program that prints, as JSON, the allocations of a step of one method and the distance that its steps moved. */
import { allocated } from "@nonconvex/evidence/memory"
import { Seed } from "@nonconvex/numerics"
import type { MethodState } from "@nonconvex/problems"
import * as Draws from "../../src/perturbation/Draws.ts"
import { flatDescent, smoothedFlatDescent } from "../../src/perturbation/FlatDescent.ts"
import { scalarModel } from "../../src/problems/ScalarModel.ts"
import { sharpnessAwarePerturbation } from "../../src/perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../src/perturbation/SmoothedPerturbation.ts"

export interface Found {
  readonly bytesPerStep: number
  readonly steps: number
  readonly taken: number
  readonly status: string
  /** Distance that the point moved. */
  readonly moved: number
}

// small enough to be inlined: V8 boxes a returned number where it does not inline the call
const network = scalarModel()
const point = Float64Array.of(2, 0.5)

const perturbed = {
  learningRate: 0.01,
  plainLearningRate: 0.01,
  radius: 0.1,
  gradientThreshold: 2,
  draws: Draws.fromSeed(Seed.root(1)),
}
const rates = { learningRate: 0.02, flatteningRate: 1e-4, radius: 0.1 }

/** Each method as its state and its step. */
const methods: Readonly<Record<string, () => readonly [MethodState, () => void]>> = {
  smoothed: () => {
    const method = smoothedPerturbation(perturbed)
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
  "smoothed antithetic": () => {
    const method = smoothedPerturbation({ ...perturbed, antithetic: true, directions: 2 })
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
  "sharpness-aware": () => {
    const method = sharpnessAwarePerturbation(perturbed)
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
  "sharpness-aware batch": () => {
    const method = sharpnessAwarePerturbation({ ...perturbed, antithetic: true, batchSize: 3 })
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
  "flat descent": () => {
    const method = flatDescent(rates)
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
  "flat descent off the gradient": () => {
    const method = flatDescent({ ...rates, projection: "gradient" })
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
  "smoothed flat descent": () => {
    const method = smoothedFlatDescent({ ...rates, draws: perturbed.draws, pairs: 2 })
    const state = method.init(network, point)
    return [state, () => method.step(state)]
  },
}

const [name = "smoothed", steps = "1"] = process.argv.slice(2)
const [state, step] = methods[name]!()
const takeSteps = (count: number) => {
  for (let t = 0; t < count; t++) step()
}
const found = await allocated(takeSteps, { first: 200_000, steps: Number(steps) })
process.stdout.write(
  JSON.stringify({
    ...found,
    taken: state.steps,
    status: state.status,
    moved: Math.hypot(...state.point.map((value, j) => value - point[j]!)),
  } satisfies Found),
)
