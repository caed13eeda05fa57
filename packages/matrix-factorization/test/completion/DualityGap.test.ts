import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as AlternatingLeastSquares from "../../src/completion/AlternatingLeastSquares.ts"
import * as DualityGap from "../../src/completion/DualityGap.ts"
import { centred, weightings, weightsOf } from "../../src/completion/Models.ts"
import { completion } from "../../src/index.ts"
import { split } from "../support/Tables.ts"
import { softImpute } from "../../src/recovery/SoftImpute.ts"

const kernels = Kernels.strict()
const seed = Seed.root(3)
const stream = RandomStream.make(Seed.root(4))
const { seen } = split(
  30,
  22,
  0.5,
  (row, column) => Math.sin(row) * column + row / 10 + stream.normal(),
)
const { observations } = centred(seen)
const exact = { tolerance: 1e-13, sweeps: 3000 }

/** Factors of unlimited rank at the optimum. */
const optimum = (penalties: AlternatingLeastSquares.Penalties, atMost = 22) => {
  const factors = AlternatingLeastSquares.nothing(observations)
  AlternatingLeastSquares.improve(observations, factors, penalties, atMost, exact, seed, kernels)
  return {
    factors,
    objective: AlternatingLeastSquares.objectiveOf(observations, factors, penalties, kernels),
  }
}

describe("the duality gap of effects and a product", () => {
  for (const weighting of weightings) {
    const weights = weightsOf(observations, weighting, observations.count)
    for (const penalty of [40, 6, 2]) {
      it(`closes at the optimum, weighting ${weighting}, penalty ${penalty}`, () => {
        const penalties = { ridge: [3, 2] as const, penalty, weights }
        const { factors } = optimum(penalties)
        const gap = DualityGap.at(observations, factors, penalties, seed, kernels)
        assert.isTrue(-1e-10 < gap.relative && gap.relative < 1e-6)
        assert.isBelow(gap.norm, penalty * (1 + 1e-4))
      })
    }
  }

  it("bounds the objective of any other point from below", () => {
    const weights = weightsOf(observations, 0.5, observations.count)
    const penalties = { ridge: [3, 2] as const, penalty: 4, weights }
    const best = optimum(penalties)
    for (const atMost of [0, 1, 2]) {
      const { factors, objective } = optimum(penalties, atMost)
      const { norm, relative } = DualityGap.at(observations, factors, penalties, seed, kernels)
      assert.isAtMost(objective * (1 - relative), best.objective * (1 + 1e-9))
      assert.isAbove(norm, penalties.penalty)
      assert.isAbove(objective, best.objective)
    }
  })

  it("is at the minimum that soft-impute finds, where effects are ruled out", () => {
    const weights = weightsOf(observations, 0, observations.count)
    const penalties = { ridge: [1e12, 1e12] as const, penalty: 5, weights }
    const { byRow, columns, rows } = observations
    const entries = Array.from({ length: rows }, (_, row) =>
      Array.from(
        byRow.others.subarray(byRow.starts[row], byRow.starts[row + 1]),
        (column) => [row, column] as const,
      ),
    ).flat()
    const { objective } = softImpute(completion({ rows, columns, entries }), byRow.values, {
      penalty: 5,
      tolerance: 1e-9,
      maxIterations: 5000,
    })
    assert.closeTo(optimum(penalties).objective / objective, 1, 1e-6)
  })
})
