import { InvalidInput, Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { lowRank } from "../../src/evidence/support/Instances.ts"
import {
  completeTable,
  errorAt,
  type Fit,
  fitTable,
  type Model,
  predict,
  type Table,
} from "../../src/index.ts"
import { chooseModel } from "../../src/completion/MatrixCompletion.ts"
import { type Validation } from "../../src/completion/Search.ts"
import { ratings, split, tableAt } from "../support/Tables.ts"

const truth = lowRank(20, 20, 2, Seed.root(8), Kernels.strict())
const exact = split(20, 20, 0.9, (row, column) => 20 * truth[row * 20 + column]!)

const error = (fit: Fit, table: Table) => errorAt((row, column) => predict(fit, row, column), table)

/** The held-out error of a kind of model. */
const of = ({ compared }: Validation, kind: Model["kind"]) =>
  compared.find(({ model }) => model.kind === kind)!.error

describe("completeTable", () => {
  it("finds a table of low rank, and knows that its error is none", () => {
    const { fit, validation } = completeTable(exact.seen)
    assert.deepStrictEqual(
      [fit.model.kind, fit.rank, fit.singularValues.length],
      ["low rank", 2, 2],
    )
    assert.isBelow(error(fit, exact.held), 1e-3)
    assert.isBelow(validation.error, 1e-3 * of(validation, "column means"))
  })

  it("penalises noise, and its held-out error is about that of the hidden entries", () => {
    const stream = RandomStream.make(Seed.root(9))
    const noise = Array.from({ length: 400 }, () => 0.4 * stream.normal())
    const noisy = split(
      20,
      20,
      0.7,
      (row, column) => 20 * truth[row * 20 + column]! + noise[row * 20 + column]!,
    )
    const { fit, validation } = completeTable(noisy.seen, { seed: Seed.root(2) })
    const found = error(fit, noisy.held)
    assert.isTrue(0.7 * found < validation.error && validation.error < 1.4 * found)
    assert.isBelow(found, 0.8 * of(validation, "column means"))
  })

  it("chooses effects where there is nothing else, and no more than the mean where there is nothing", () => {
    const stream = RandomStream.make(Seed.root(12))
    const noise = split(16, 12, 0.8, () => stream.normal())
    assert.strictEqual(chooseModel(noise.seen).model.kind, "mean")
    const additive = split(
      60,
      40,
      0.5,
      (row, column) => row / 30 + column / 20 + stream.normal() / 4,
    )
    const { fit, validation } = completeTable(additive.seen)
    assert.deepStrictEqual([fit.model.kind, fit.rank, fit.status], ["effects", 0, "certified"])
    assert.isBelow(validation.error, 0.5 * of(validation, "column means"))
    const constant = split(5, 4, 0.5, () => 7)
    const same = completeTable(constant.seen)
    assert.deepStrictEqual([same.validation.model.kind, same.validation.error], ["mean", 0])
    assert.strictEqual(predict(same.fit, 0, 1), 7)
  })

  it("predicts ratings better than effects do, within their scale", () => {
    const { held, seen } = ratings({ rows: 200, columns: 150, count: 12_000, rank: 3, seed: 1 })
    const { fit, validation } = completeTable(seen)
    const effects = fitTable(seen, validation.compared[2]!.model)
    assert.isBelow(error(fit, held), 0.97 * error(effects, held))
    assert.deepStrictEqual([fit.model.kind, fit.bounds], ["low rank", [1, 5]])
    assert.closeTo(validation.error, error(fit, held), 0.03)
    assert.isBelow(validation.folds, 11)
  })

  it("takes the rank that it is told", () => {
    for (const rank of [0, 1, 5]) {
      const { model } = chooseModel(exact.seen, { rank, folds: 3 })
      assert.deepStrictEqual([model.rank, model.kind], [rank, rank === 0 ? "effects" : "low rank"])
    }
    assert.strictEqual(chooseModel(exact.seen, { rank: 50, folds: 2 }).model.rank, 20)
  })

  it("repeats bit for bit for a seed", () => {
    const options = { folds: 3, seed: Seed.root(4) }
    assert.deepStrictEqual(completeTable(exact.seen, options), completeTable(exact.seen, options))
  })

  it("tells after every fit what it would choose, the simple models first", () => {
    const seen: Array<Validation> = []
    const last = chooseModel(exact.seen, { folds: 3, onFit: (soFar) => seen.push(soFar) })
    assert.isTrue(["mean", "column means", "effects"].includes(seen[0]!.model.kind))
    assert.deepStrictEqual(seen.at(-1), last)
    assert.isAbove(seen.length, last.candidates)
  })

  it("answers rows and columns without an observation by the effects of the others", () => {
    const values = [1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6]
    const places = [0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13]
    const table = tableAt(4, 5, places, (row, column) => values[4 * row + column]!)
    const { fit } = completeTable(table)
    const means = (row: number) => predict(fit, row, 4) - predict(fit, 3, 4)
    assert.strictEqual(fit.rowEffects[3], 0)
    assert.strictEqual(fit.columnEffects[4], 0)
    assert.closeTo(predict(fit, 3, 4), fit.mean, 1e-12)
    assert.closeTo(means(2) - means(0), 2, 0.2)
    assert.strictEqual(predict(fit, 99, 0), predict(fit, 3, 0))
  })
})

describe("completeTable refuses", () => {
  const holed: Table = {
    rows: 2,
    columns: 2,
    rowOf: Uint32Array.of(0, 0, 1),
    columnOf: Uint32Array.of(0, 1, 1),
    values: Float64Array.of(1, 2, 3),
  }
  const wrong: ReadonlyArray<readonly [name: string, change: Partial<Table>, message: string]> = [
    ["an entry outside", { rowOf: Uint32Array.of(0, 2, 1) }, "row = 2, column = 1, rows = 2"],
    ["an entry given twice", { rowOf: Uint32Array.of(0, 1, 1) }, "at most once (got row = 1"],
    ["values that are no numbers", { values: Float64Array.of(1, Number.NaN, 3) }, "NaN"],
    ["values of another number", { values: Float64Array.of(1, 2) }, "rowOf.length = 3"],
    ["no columns", { columns: 0 }, "columns = 0"],
  ]
  for (const [name, change, message] of wrong) {
    it(`refuses ${name}`, () => {
      assert.throws(() => completeTable({ ...holed, ...change }), InvalidInput, message)
    })
  }

  it("one observation, one fold, and a rank below 0", () => {
    const one = tableAt(1, 1, [0], () => 1)
    assert.throws(() => completeTable(one), InvalidInput, "at least two observations")
    assert.throws(() => completeTable(holed, { folds: 1 }), InvalidInput, "folds = 1")
    assert.throws(() => completeTable(holed, { rank: -1 }), InvalidInput, "rank = -1")
  })
})

describe("completeTable at any scale", () => {
  const { fit, validation } = completeTable(exact.seen, { folds: 2 })

  for (const power of [-1000, -600, 600, 1015]) {
    it(`fills 2^${power} times a table with 2^${power} times the values`, () => {
      const values = exact.seen.values.map((value) => value * 2 ** power)
      const scaled = completeTable({ ...exact.seen, values }, { folds: 2 })
      assert.deepStrictEqual([scaled.fit.rank, scaled.fit.status], [fit.rank, fit.status])
      assert.strictEqual(predict(scaled.fit, 0, 1), predict(fit, 0, 1) * 2 ** power)
      assert.closeTo(scaled.validation.error / 2 ** power, validation.error, 1e-9)
    })
  }
})

describe("completeTable", () => {
  /** From fancyimpute's tests: 500 x 10 of rank 3, a quarter of it missing. */
  it("recovers the missing quarter of 500 x 10 numbers of rank 3 to a mean absolute error of 0.1", () => {
    const stream = RandomStream.make(Seed.root(0).child("500 x 10"))
    const normals = (count: number) => Float64Array.from({ length: count }, () => stream.normal())
    const [left, right] = [normals(500 * 3), normals(3 * 10)]
    const { held, seen } = split(500, 10, 0.75, (row, column) =>
      [0, 1, 2].reduce((sum, k) => sum + left[row * 3 + k]! * right[k * 10 + column]!, 0),
    )
    const { fit } = completeTable(seen, { folds: 2 })
    const errors = held.values.map((value, i) =>
      Math.abs(predict(fit, held.rowOf[i]!, held.columnOf[i]!) - value),
    )
    assert.isBelow(errors.reduce((sum, one) => sum + one, 0) / errors.length, 0.1)
  })
})
