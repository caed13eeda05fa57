import { InvalidInput, Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { lowRank } from "../../src/evidence/support/Instances.ts"
import { completeTable, mostFits, type Table, unobserved } from "../../src/index.ts"
import { leastAt } from "../../src/completion/TableCompletion.ts"
import { columnMeans, errorAt, fitTable } from "../../src/completion/TableFit.ts"

const kernels = Kernels.strict()

/** A table with a part of its entries seen; every row and column keeps its diagonal. */
const table = (size: number, part: number, value: (row: number, column: number) => number) => {
  const stream = RandomStream.make(Seed.root(5))
  const split = (isSeen: (row: number, column: number, u: number) => boolean): Table => {
    const entries = Array.from(
      { length: size * size },
      (_, at) => [Math.floor(at / size), at % size] as const,
    ).filter(([row, column], at) => isSeen(row, column, draws[at]!))
    return {
      rows: size,
      columns: size,
      entries,
      values: Float64Array.from(entries, ([row, column]) => value(row, column)),
    }
  }
  const draws = Array.from({ length: size * size }, () => stream.uniform())
  return {
    seen: split((row, column, u) => row === column || u < part),
    held: split((row, column, u) => row !== column && u >= part),
  }
}

const truth = lowRank(20, 20, 2, Seed.root(8), kernels)
const exact = table(20, 0.9, (row, column) => 20 * truth[row * 20 + column]!)

describe("completeTable", () => {
  it("finds a table of low rank, interpolates it, proves it, and knows that its error is none", () => {
    const { fit, validation } = completeTable(exact.seen)
    assert.strictEqual(fit.model.penalty, 0)
    assert.deepStrictEqual([fit.rank, fit.status], [2, "certified"])
    assert.isAtMost(fit.relativeGap, 1e-6)
    assert.isBelow(errorAt(exact.held, fit.filled), 1e-3)
    assert.isBelow(validation.error, 0.05 * validation.baseline)
    assert.strictEqual(validation.candidates, 40)
  })

  it("penalises noise, and its held-out error is about that of the hidden entries", () => {
    const stream = RandomStream.make(Seed.root(9))
    const noise = Array.from({ length: 400 }, () => 0.4 * stream.normal())
    const noisy = table(
      20,
      0.7,
      (row, column) => 20 * truth[row * 20 + column]! + noise[row * 20 + column]!,
    )
    const { fit, validation } = completeTable(noisy.seen, { folds: 4, seed: Seed.root(2) })
    assert.isAbove(fit.model.penalty, 0)
    const error = errorAt(noisy.held, fit.filled)
    assert.isTrue(0.7 * error < validation.error && validation.error < 1.4 * error)
    assert.isBelow(error, 0.8 * validation.baseline)
  })

  it("repeats bit for bit for a seed", () => {
    const options = { folds: 3, seed: Seed.root(4) }
    assert.deepStrictEqual(completeTable(exact.seen, options), completeTable(exact.seen, options))
  })

  it("tells after every fit how many are done, to the last", () => {
    const seen: Array<number> = []
    const options = { folds: 3, seed: Seed.root(4) }
    completeTable(exact.seen, { ...options, onFit: (fits) => seen.push(fits) })
    assert.isTrue(seen.every((fits, i) => fits > (seen[i - 1] ?? 0)))
    assert.strictEqual(seen.at(-1), mostFits(exact.seen, options))
  })

  it("refuses rows and columns that nothing is known of, with their numbers", () => {
    const holed: Table = {
      rows: 3,
      columns: 3,
      entries: [
        [0, 0],
        [0, 1],
        [2, 1],
      ],
      values: Float64Array.of(1, 2, 3),
    }
    assert.deepStrictEqual(unobserved(holed), { rows: [1], columns: [2] })
    assert.throws(() => completeTable(holed), "nothing is observed of rows [1] and columns [2]")
  })

  it("refuses fewer observations than folds, and values that do not fit", () => {
    const tiny: Table = { rows: 1, columns: 1, entries: [[0, 0]], values: Float64Array.of(1) }
    assert.throws(() => completeTable(tiny), InvalidInput, "at least as many observations as folds")
    assert.throws(() => completeTable({ ...tiny, values: new Float64Array(2) }), InvalidInput)
    assert.throws(() => completeTable(tiny, { folds: 1 }), InvalidInput, "folds = 1")
  })
})

const holed: Table = {
  rows: 2,
  columns: 2,
  entries: [
    [0, 0],
    [0, 1],
    [1, 1],
  ],
  values: Float64Array.of(1, 2, 3),
}

describe("completeTable on bad entries", () => {
  const wrong: ReadonlyArray<readonly [entry: readonly [number, number], message: string]> = [
    [[1, 1.5], "from 0 (got row = 1, column = 1.5, rows = 2, columns = 2)"],
    [[1, -1], "column = -1"],
    [[2, 0], "row = 2"],
    [[Number.NaN, 0], "row = NaN"],
    [[0, 1], "every entry must be given at most once (got row = 0, column = 1)"],
  ]
  for (const [entry, message] of wrong) {
    it(`refuses (${entry.join(", ")})`, () => {
      const entries = [...holed.entries, entry]
      const values = Float64Array.of(1, 2, 3, 4)
      const bad = { ...holed, entries, values }
      assert.throws(() => completeTable(bad, { folds: 2 }), InvalidInput, message)
    })
  }
})

describe("completeTable at any scale", () => {
  const { fit, validation } = completeTable(exact.seen, { folds: 2 })

  for (const power of [-1000, -600, 600, 1015]) {
    it(`fills 2^${power} times a table with 2^${power} times the values`, () => {
      const times = (value: number) => value * 2 ** power
      const scaled = completeTable(
        { ...exact.seen, values: exact.seen.values.map(times) },
        { folds: 2 },
      )
      assert.deepStrictEqual(
        [scaled.fit.rank, scaled.fit.status, scaled.fit.model],
        [fit.rank, fit.status, fit.model],
      )
      const [expected, found] = [fit.filled.map(times), scaled.fit.filled]
      assert.isAtMost(Vector.distance(expected, found), 1e-9 * Vector.norm(expected))
      const error = times(validation.error)
      assert.isAtMost(Math.abs(scaled.validation.error - error), 0.01 * error)
    })
  }
})

describe("completeTable", () => {
  /** Of fancyimpute's tests: 500 x 10 of rank 3, a quarter of it missing. */
  it("recovers the missing quarter of 500 x 10 numbers of rank 3 to a mean absolute error of 0.1", () => {
    const stream = RandomStream.make(Seed.root(0).child("500 x 10"))
    const normals = (count: number) => Float64Array.from({ length: count }, () => stream.normal())
    const [rows, columns, rank] = [500, 10, 3]
    const [left, right] = [normals(rows * rank), normals(rank * columns)]
    const at = (row: number, column: number) =>
      Array.from(
        { length: rank },
        (_, k) => left[row * rank + k]! * right[k * columns + column]!,
      ).reduce((sum, value) => sum + value, 0)
    const all = Array.from(
      { length: rows * columns },
      (_, k) => [Math.floor(k / columns), k % columns] as const,
    )
    const isMissing = all.map(() => stream.uniform() < 0.25)
    const entries = all.filter((_, k) => !isMissing[k]!)
    const values = Float64Array.from(entries, ([row, column]) => at(row, column))
    const { fit } = completeTable({ rows, columns, entries, values }, { folds: 2 })
    const missing = all.filter((_, k) => isMissing[k]!)
    const errors = missing.map(([row, column]) =>
      Math.abs(fit.filled[row * columns + column]! - at(row, column)),
    )
    assert.isBelow(errors.reduce((sum, error) => sum + error, 0) / errors.length, 0.1)
    assert.strictEqual(fit.status, "certified")
  })

  it("leaves out penalties that fit the noise, and takes no model whose error is no number", () => {
    const stream = RandomStream.make(Seed.root(12))
    const noise = table(16, 0.8, () => stream.normal())
    assert.isBelow(completeTable(noise.seen, { folds: 2 }).validation.candidates, 40)
    assert.strictEqual(leastAt([Number.NaN, 3, 2, Number.NaN, Infinity, 2]), 2)
  })
})

describe("one fit", () => {
  it("keeps constant columns by their means, and gives empty ones the mean of all", () => {
    const two: Table = {
      rows: 2,
      columns: 3,
      entries: [
        [0, 0],
        [1, 0],
        [0, 1],
      ],
      values: Float64Array.of(5, 5, 2),
    }
    assert.deepStrictEqual(Array.from(columnMeans(two)), [5, 2, 4])
    const { filled, rank } = fitTable(two, { weighted: true, centred: true, penalty: 0.5 })
    assert.deepStrictEqual([Array.from(filled), rank], [[5, 2, 4, 5, 2, 4], 0])
  })
})
