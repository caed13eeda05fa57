import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as AlternatingLeastSquares from "../../src/completion/AlternatingLeastSquares.ts"
import * as DualityGap from "../../src/completion/DualityGap.ts"
import { centred, weightings, weightsOf } from "../../src/completion/Models.ts"
import { normalised } from "../../src/completion/Table.ts"
import { completeTable, errorAt, fitTable, predict, type Table } from "../../src/index.ts"
import { split } from "../support/Tables.ts"

const kernels = Kernels.strict()
const seed = Seed.root(5)
const stream = RandomStream.make(Seed.root(6))
const { held, seen } = split(
  30,
  22,
  0.5,
  (row, column) => Math.sin(row) * column + row / 10 + stream.normal(),
)
/** Confidence values from a tenth to ten. */
const confidence = seen.values.map(() => 10 ** (2 * stream.uniform() - 1))
const weighed: Table = { ...seen, confidence }
const { observations } = centred(normalised(weighed))
const exact = { tolerance: 1e-13, sweeps: 3000 }

const optimum = (penalties: AlternatingLeastSquares.Penalties, atMost = 22) => {
  const factors = AlternatingLeastSquares.nothing(observations)
  AlternatingLeastSquares.improve(observations, factors, penalties, atMost, exact, seed, kernels)
  return {
    factors,
    objective: AlternatingLeastSquares.objectiveOf(observations, factors, penalties, kernels),
  }
}

describe("a fit of entries that count differently", () => {
  for (const weighting of weightings) {
    it(`has a gap that closes at the optimum, weighting ${weighting}`, () => {
      const weights = weightsOf(observations, weighting, observations.count)
      for (const penalty of [40, 6, 2]) {
        const penalties = { ridge: [3, 2] as const, penalty, weights }
        const gap = DualityGap.at(
          observations,
          optimum(penalties).factors,
          penalties,
          seed,
          kernels,
        )
        assert.isTrue(-1e-10 < gap.relative && gap.relative < 1e-6)
      }
    })
  }

  it("has a gap that bounds any other point from below", () => {
    const weights = weightsOf(observations, 0.5, observations.count)
    const penalties = { ridge: [3, 2] as const, penalty: 4, weights }
    const best = optimum(penalties)
    for (const atMost of [0, 1, 2]) {
      const { factors, objective } = optimum(penalties, atMost)
      const { relative } = DualityGap.at(observations, factors, penalties, seed, kernels)
      assert.isAtMost(objective * (1 - relative), best.objective * (1 + 1e-9))
      assert.isAbove(objective, best.objective)
    }
  })

  it("is at the zero of the slope of what is minimised", () => {
    const weights = weightsOf(observations, 0, observations.count)
    const penalties = { ridge: [3, 2] as const, penalty: 3, weights }
    const { factors, objective } = optimum(penalties)
    for (let k = 0; k < 40; k++) {
      const moved = AlternatingLeastSquares.copy(factors)
      const side = k % 2 === 0 ? moved.rows : moved.columns
      const place = Math.floor(stream.uniform() * side.length)
      side[place]! += 1e-3
      const slope =
        AlternatingLeastSquares.objectiveOf(observations, moved, penalties, kernels) - objective
      assert.isAbove(slope, 0)
      assert.isBelow(slope, 1e-3)
    }
  })
})

describe("tables whose entries count differently", () => {
  const options = { folds: 3, rank: 1 }

  it("are those of entries that count alike, where all count the same", () => {
    const same = completeTable({ ...seen, confidence: seen.values.map(() => 4) }, options)
    const plain = completeTable(seen, options)
    assert.deepStrictEqual(same.fit.rowEffects, plain.fit.rowEffects)
    assert.deepStrictEqual(same.fit.left, plain.fit.left)
    assert.strictEqual(same.validation.error, plain.validation.error)
  })

  it("do not depend on the unit of the confidence", () => {
    const other = completeTable({ ...seen, confidence: confidence.map((q) => q * 8) }, options)
    assert.deepStrictEqual(other, completeTable(weighed, options))
  })

  it("are predicted better where noise is known", () => {
    const noise = RandomStream.make(Seed.root(7))
    const truth = (row: number, column: number) => row / 5 - column / 7
    const precision = seen.values.map(() => (noise.uniform() < 0.5 ? 25 : 1 / 25))
    const values = seen.values.map(
      (_, i) =>
        truth(seen.rowOf[i]!, seen.columnOf[i]!) + noise.normal() / Math.sqrt(precision[i]!),
    )
    const exactly = {
      ...held,
      values: held.values.map((_, i) => truth(held.rowOf[i]!, held.columnOf[i]!)),
    }
    const errorOf = (table: Table) => {
      const { fit } = completeTable(table, { folds: 3, rank: 0 })
      return errorAt((row, column) => predict(fit, row, column), exactly)
    }
    const known = errorOf({ ...seen, values, confidence: precision })
    const unknown = errorOf({ ...seen, values })
    assert.isBelow(known, unknown / 2)
  })

  it("have means of columns in which each counts as much as it counts", () => {
    const table: Table = {
      rows: 2,
      columns: 2,
      rowOf: Uint32Array.of(0, 1, 0),
      columnOf: Uint32Array.of(0, 0, 1),
      values: Float64Array.of(1, 5, 3),
      confidence: Float64Array.of(3, 1, 2),
    }
    const fit = fitTable(table, {
      kind: "column means",
      rank: 0,
      penalty: Infinity,
      weighting: 0,
      ridge: [1, 1],
    })
    assert.closeTo(fit.mean, 14 / 6, 1e-15)
    assert.closeTo(predict(fit, 1, 0), 2, 1e-15)
  })

  it.each([
    { of: "no weight", confidence: [1, 0, 1], says: /confidence/ },
    { of: "a negative one", confidence: [1, -1, 1], says: /confidence/ },
    { of: "one that is none", confidence: [1, NaN, 1], says: /confidence/ },
    { of: "one too few", confidence: [1, 1], says: /confidence/ },
    {
      of: "two that are too far apart",
      confidence: [1, 1e-13, 1],
      says: /differ by a factor of at most 1 \/ 1e-12/,
    },
  ])("are refused with $of", ({ confidence: given, says }) => {
    const table = {
      rows: 3,
      columns: 1,
      rowOf: Uint32Array.of(0, 1, 2),
      columnOf: new Uint32Array(3),
      values: Float64Array.of(1, 2, 3),
      confidence: Float64Array.from(given),
    }
    assert.throws(() => completeTable(table), says)
  })
})
