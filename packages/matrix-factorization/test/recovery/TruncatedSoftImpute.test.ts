import { Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { lowRank } from "../../src/evidence/support/Instances.ts"
import { completion, largestPenalty, softImpute } from "../../src/index.ts"
import { errorAt, fitTable, isLarge, type Table } from "../../src/completion/TableFit.ts"
import { truncatedSoftImpute } from "../../src/recovery/TruncatedSoftImpute.ts"

const kernels = Kernels.strict()

/** A noisy table of rank 3 with a part of its entries seen, and the entries that are not. */
const instance = (rows: number, columns: number, noise: number) => {
  const truth = lowRank(rows, columns, 3, Seed.root(3), kernels)
  const stream = RandomStream.make(Seed.root(4))
  const split: Record<"seen" | "held", Array<readonly [number, number]>> = { seen: [], held: [] }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const isSeen = row % columns === column || column % rows === row || stream.uniform() < 0.4
      split[isSeen ? "seen" : "held"].push([row, column])
    }
  }
  const size = Math.sqrt(rows * columns)
  const of = (entries: ReadonlyArray<readonly [number, number]>): Table => ({
    rows,
    columns,
    entries,
    values: Float64Array.from(
      entries,
      ([row, column]) => size * truth[row * columns + column]! + noise * stream.normal(),
    ),
  })
  return { seen: of(split.seen), held: of(split.held) }
}

describe("truncatedSoftImpute", () => {
  for (const [rows, columns] of [
    [70, 40],
    [40, 70],
  ] as const) {
    it(`finds the minimum of softImpute along penalties, ${rows} x ${columns}`, () => {
      const { seen } = instance(rows, columns, 0.3)
      const measurements = completion(seen)
      const largest = largestPenalty(measurements, seen.values)
      const solve = truncatedSoftImpute(measurements, seen.values, 1, Seed.root(1))
      for (const part of [0.5, 0.1, 0.02]) {
        const options = { penalty: part * largest, tolerance: 1e-7, maxIterations: 3000 }
        const found = solve(options)
        const { objective, rank } = softImpute(measurements, seen.values, options)
        assert.deepStrictEqual([found.status, found.rank], ["certified", rank])
        assert.isAtLeast(found.gap, -1e-12 * objective)
        assert.isAtMost(Math.abs(found.objective - objective), 2e-7 * objective)
        assert.strictEqual(found.singularValues.length, rank)
        const squares = Vector.norm(found.singularValues) / Vector.norm(found.matrix)
        assert.closeTo(squares, 1, 1e-9)
      }
    })
  }

  it("says that a budget was too small", () => {
    const { seen } = instance(70, 40, 0.3)
    const solve = truncatedSoftImpute(completion(seen), seen.values, 1, Seed.root(1))
    const found = solve({ penalty: 0.01, tolerance: 1e-7, maxIterations: 3 })
    assert.deepStrictEqual([found.status, found.iterations], ["budget", 3])
    assert.isAbove(found.gap, 1e-7 * found.objective)
  })

  it("finds nothing beyond the largest penalty", () => {
    const { seen } = instance(70, 40, 0.3)
    const measurements = completion(seen)
    const penalty = 1.01 * largestPenalty(measurements, seen.values)
    const solve = truncatedSoftImpute(measurements, seen.values, 1, Seed.root(1))
    const found = solve({ penalty, tolerance: 1e-7, maxIterations: 100 })
    assert.deepStrictEqual(
      [found.status, found.rank, Vector.norm(found.matrix)],
      ["certified", 0, 0],
    )
  })
})

describe("fits of large tables", () => {
  it("predict hidden entries, weighted by observations too, with a certificate", () => {
    const { held, seen } = instance(220, 200, 0.1)
    assert.isTrue(isLarge(seen))
    for (const weighted of [false, true]) {
      const model = { weighted, centred: false, penalty: 0.05 }
      const fit = fitTable(seen, model, { tolerance: 1e-4 })
      assert.deepStrictEqual([fit.status, fit.rank], ["certified", 3])
      assert.isBelow(errorAt(held, fit.filled), 0.25 * errorAt(held, new Float64Array(220 * 200)))
    }
  })
})
