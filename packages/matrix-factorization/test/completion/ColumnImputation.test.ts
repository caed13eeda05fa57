/** Columns of different units, categories and keys, filled one by one. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import { hasOneScale, imputeColumns, type Table } from "../../src/index.ts"

/** Table of columns, with NaN for a hole. */
const tableOf = (columns: ReadonlyArray<ArrayLike<number>>): Table => {
  const rows = columns[0]!.length
  const all = Array.from({ length: rows * columns.length }, (_, at) => ({
    row: Math.floor(at / columns.length),
    column: at % columns.length,
  }))
  const known = all.filter(({ column, row }) => !Number.isNaN(columns[column]![row]!))
  return {
    rows,
    columns: columns.length,
    rowOf: Uint32Array.from(known, ({ row }) => row),
    columnOf: Uint32Array.from(known, ({ column }) => column),
    values: Float64Array.from(known, ({ column, row }) => columns[column]![row]!),
  }
}

const stream = RandomStream.make(Seed.root(7))
const rows = 80
const age = Array.from({ length: rows }, () => 20 + Math.floor(45 * stream.uniform()))
const salary = age.map((years) => 1000 * years + 500 * stream.normal())
const metres = age.map((years) => 1.6 + years / 100 + 0.01 * stream.normal())
const noise = Array.from({ length: rows }, () => stream.normal())
const id = age.map((_, k) => 1000 + k)
const town = age.map((years) => Number(years > 40))
const holed = (column: ReadonlyArray<number>, from: number): ReadonlyArray<number> =>
  column.map((value, row) => (row % 10 === from ? Number.NaN : value))
const given = [
  id,
  holed(age, 0),
  holed(salary, 1),
  holed(metres, 2),
  holed(noise, 3),
  holed(
    id.map(() => 7),
    4,
  ),
  holed(town, 5),
]
const levels = new Map([[6, 2]])
const { columns, filled, relative } = imputeColumns(tableOf(given), { levels })
const at = (row: number, column: number) => filled[row * given.length + column]!

describe("columns of different units", () => {
  it("keep what is known, and fill every hole of what is no key", () => {
    given.forEach((column, j) =>
      column.forEach((value, row) => {
        if (Number.isNaN(value)) assert.isTrue(Number.isFinite(at(row, j)))
        else assert.strictEqual(at(row, j), value)
      }),
    )
  })

  it("are filled with errors in their own units, far below those of the means", () => {
    for (const [j, truth, most] of [
      [2, salary, 1500],
      [3, metres, 0.03],
    ] as const) {
      const { error, meanError } = columns[j]!
      assert.isBelow(error!, meanError! / 3)
      given[j]!.forEach((value, row) => {
        if (Number.isNaN(value)) assert.closeTo(at(row, j), truth[row]!, 3 * most)
      })
    }
  })

  it("are told apart: a key, a constant and a category", () => {
    const kinds = columns.map(({ kind }) => kind)
    const number = "number"
    assert.deepStrictEqual(kinds, ["key", number, number, number, number, "constant", "category"])
    for (let row = 4; row < rows; row += 10) assert.strictEqual(at(row, 5), 7)
    assert.isBelow(columns[6]!.error!, 0.15)
    for (let row = 5; row < rows; row += 10) assert.include([0, 1], at(row, 6))
  })

  it("are filled by the mean where the others tell nothing", () => {
    assert.isAtLeast(columns[4]!.error! + columns[4]!.standardError!, columns[4]!.meanError!)
    assert.isBelow(relative.combined, relative.lowRank)
  })

  it("are filled alike in any unit", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -20, max: 20 }),
        fc.constantFrom(0, 2 ** 10),
        (power, shift) => {
          const unit = 2 ** power
          const scaled = given.map((column, j) =>
            j === 2 ? column.map((value) => unit * (value + shift)) : column,
          )
          const other = imputeColumns(tableOf(scaled), { levels })
          for (let row = 0; row < rows; row++) {
            const value = other.filled[row * given.length + 2]! / unit - shift
            assert.closeTo(value, at(row, 2), 1e-4 * Math.abs(at(row, 2)))
          }
        },
      ),
      { numRuns: 3 },
    )
  })

  it("have one scale only where their spreads are alike", () => {
    assert.isFalse(hasOneScale(tableOf(given)))
    assert.isTrue(hasOneScale(tableOf([noise, noise.map((x) => 3 * x + 1)])))
  })

  it("fill a running number by its rule, and leave a key without one empty", () => {
    const running = holed(id, 6)
    const names = id.map((_, k) => (k === 3 ? Number.NaN : (37 * k) % rows))
    const found = imputeColumns(tableOf([running, age, salary, names]), {
      levels: new Map([[3, rows - 1]]),
    })
    assert.strictEqual(found.filled[6 * 4], 1006)
    assert.isNaN(found.filled[3 * 4 + 3])
  })

  it("use the order of the rows where it tells", () => {
    let level = 0
    const walk = Array.from({ length: 200 }, () => (level += stream.normal()))
    const other = walk.map(() => stream.normal())
    const found = imputeColumns(tableOf([holed(walk, 4), other]))
    assert.strictEqual(found.columns[0]!.by[0]!.method, "regression with the rows before and after")
    assert.isBelow(found.columns[0]!.error!, 0.4 * found.columns[0]!.meanError!)
  })
})
