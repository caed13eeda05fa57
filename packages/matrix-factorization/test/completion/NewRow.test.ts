import { RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import {
  completeRow,
  type Fit,
  fitTable,
  type Model,
  predict,
  rowModel,
  type Table,
} from "../../src/index.ts"
import { split } from "../support/Tables.ts"

const stream = RandomStream.make(Seed.root(8))
const value = (row: number, column: number) =>
  Math.sin(3 * row) * Math.cos(column) * 40 + row + stream.normal() / 50
const { seen } = split(40, 24, 0.6, value)

const model = (of: Partial<Model>): Model => ({
  kind: "low rank",
  rank: 3,
  penalty: 2,
  weighting: 0.5,
  ridge: [2, 3],
  ...of,
})

/** Observed entries of a row. */
const observed = ({ columnOf, rowOf, values }: Table, row: number) => {
  const own = [...rowOf.keys()].filter((i) => rowOf[i] === row)
  return {
    columns: own.map((i) => columnOf[i]!),
    values: Float64Array.from(own, (i) => values[i]!),
  }
}

const ofFit = (fit: Fit, row: number) =>
  Float64Array.from({ length: 24 }, (_, column) => predict(fit, row, column))

describe("a row that is answered by the columns of a fit", () => {
  // a fit ends where a sweep lowers what it minimises by a part of 1e-10, or of 1e-6 of low rank: rows move by the root of that
  it.each([
    {
      name: "effects",
      of: model({ kind: "effects", rank: 0, penalty: Infinity, weighting: 0 }),
      within: 1e-5,
    },
    { name: "low rank", of: model({}), within: 1e-3 },
    { name: "low rank, all rows alike", of: model({ weighting: 0 }), within: 1e-3 },
    {
      name: "means of columns",
      of: model({ kind: "column means", rank: 0, penalty: Infinity, weighting: 0 }),
      within: 1e-12,
    },
    {
      name: "the mean",
      of: model({ kind: "mean", rank: 0, penalty: Infinity, weighting: 0 }),
      within: 1e-12,
    },
  ])("is that of the fit, where the fit saw the row: $name", ({ of, within }) => {
    const fit = fitTable(seen, of)
    for (const row of [0, 7, 31]) {
      const { columns, values } = observed(seen, row)
      const again = completeRow(rowModel(fit), columns, values)
      const before = ofFit(fit, row)
      again.forEach((each, j) => assert.closeTo(each, before[j]!, within * 40))
    }
  })

  it("is predicted where nothing is observed by the effects of the columns", () => {
    const fit = fitTable(seen, model({}))
    const row = completeRow(rowModel(fit), [], new Float64Array(0))
    row.forEach((each, j) => assert.closeTo(each, fit.mean + fit.columnEffects[j]!, 1e-12))
  })

  it("follows what counts more", () => {
    const fit = fitTable(seen, model({ kind: "effects", rank: 0, penalty: Infinity }))
    const of = (...confidence: ReadonlyArray<number>) =>
      completeRow(
        rowModel(fit),
        [0, 1],
        Float64Array.of(100, -100),
        Float64Array.from(confidence),
      )[5]!
    assert.isAbove(of(9, 1), of(1, 1))
    assert.isBelow(of(1, 9), of(1, 1))
  })

  it("is refused with a column that there is not", () => {
    const fit = fitTable(seen, model({}))
    assert.throws(() => completeRow(rowModel(fit), [24], Float64Array.of(1)), /column/)
    assert.throws(() => completeRow(rowModel(fit), [0], Float64Array.of(NaN)), /values/)
  })
})
