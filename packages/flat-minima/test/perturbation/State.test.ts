/** The state determines the next step: it includes the position of the draws, and nothing of another run. */
import { Seed } from "@nonconvex/numerics"
import type { Method, MethodState } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import * as Draws from "../../src/perturbation/Draws.ts"
import { flatDescent, smoothedFlatDescent } from "../../src/perturbation/FlatDescent.ts"
import { sharpnessAwarePerturbation } from "../../src/perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../src/perturbation/SmoothedPerturbation.ts"
import { scalarModel } from "../../src/problems/ScalarModel.ts"
import type { SampleModel } from "../../src/problems/SampleModel.ts"

const start = Float64Array.of(2, 0.6)
const rates = { learningRate: 0.02, flatteningRate: 1e-3, radius: 0.1 }
const perturbed = {
  learningRate: 0.01,
  plainLearningRate: 0.02,
  radius: 0.1,
  gradientThreshold: 0.5,
}

/** Each method built afresh, as in another process. */
const methods: Readonly<Record<string, () => Method<MethodState, SampleModel>>> = {
  smoothed: () => smoothedPerturbation({ ...perturbed, draws: Draws.fromSeed(Seed.root(1)) }),
  "smoothed, published draws": () =>
    smoothedPerturbation({ ...perturbed, draws: Draws.published(7) }),
  "smoothed, random signs": () =>
    smoothedPerturbation({ ...perturbed, draws: Draws.rademacher(Seed.root(1)) }),
  "sharpness-aware": () =>
    sharpnessAwarePerturbation({ ...perturbed, draws: Draws.fromSeed(Seed.root(1)) }),
  "flat descent": () => flatDescent(rates),
  "smoothed flat descent": () =>
    smoothedFlatDescent({ ...rates, draws: Draws.fromSeed(Seed.root(1)) }),
}

const advance = (
  method: Method<MethodState, SampleModel>,
  state: MethodState,
  steps: number,
): MethodState => {
  for (let t = 0; t < steps; t++) method.step(state)
  return state
}

describe.each(Object.entries(methods))("%s", (_, make) => {
  it("goes on with the state of another of its kind", () => {
    const method = make()
    const straight = advance(method, method.init(scalarModel(), start), 20)
    const first = make()
    const state = advance(first, first.init(scalarModel(), start), 7)
    assert.deepStrictEqual(advance(make(), state, 13).point, straight.point)
  })

  it("takes the same path twice, also where the two runs take turns", () => {
    const method = make()
    const alone = advance(method, method.init(scalarModel(), start), 20)
    const [a, b] = [method.init(scalarModel(), start), method.init(scalarModel(), start)]
    for (let t = 0; t < 20; t++) for (const state of [a, b]) method.step(state)
    assert.deepStrictEqual(a.point, alone.point)
    assert.deepStrictEqual(b.point, alone.point)
  })
})
