import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { assert, describe, it } from "vitest"
import { fitImplicit } from "../../src/completion/ImplicitFeedback.ts"
import { compress, type Table } from "../../src/completion/Table.ts"
import { areCounts, chooseImplicit, recommendImplicit } from "../../src/index.ts"
import { tableAt } from "../support/Tables.ts"

const seed = Seed.root("implicit")
const kernels = Kernels.strict()

/** Counts of two groups of rows, each mostly with columns of its own, or of no groups at all. */
const counts = (rows: number, columns: number, isGrouped = true): Table => {
  const stream = RandomStream.make(seed.child("counts"))
  const places = Array.from({ length: rows * columns }, (_, at) => at).filter((at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    const isOwn = isGrouped ? (row + column) % 2 === 0 : stream.uniform() < 0.5
    return stream.uniform() < (isOwn ? 0.3 : 0.03)
  })
  return tableAt(rows, columns, places, (row, column) => 1 + ((row * 7 + column * 3) % 4))
}

/** The objective, cell by cell. */
const objectiveOf = (
  table: Table,
  { alpha, penalty, rank }: { alpha: number; penalty: number; rank: number },
  left: Float64Array,
  right: Float64Array,
) => {
  const given = new Float64Array(table.rows * table.columns)
  table.values.forEach((value, i) => {
    given[table.rowOf[i]! * table.columns + table.columnOf[i]!] = value
  })
  let sum = 0
  given.forEach((count, at) => {
    const [row, column] = [Math.floor(at / table.columns), at % table.columns]
    let value = 0
    for (let a = 0; a < rank; a++) value += left[row * rank + a]! * right[column * rank + a]!
    sum += (1 + alpha * count) * (Number(count > 0) - value) ** 2
  })
  for (const side of [left, right]) for (const value of side) sum += penalty * value ** 2
  return sum
}

const model = { rank: 3, alpha: 2, penalty: 1.5 }
const effort = { sweeps: 100, tolerance: 1e-9 }
const fitted = (table: Table, given = model) =>
  fitImplicit(compress(table), given, effort, seed, kernels)

describe("implicit feedback", () => {
  it("has the objective of all cells, unobserved ones among them, and ends where no factor improves it", () => {
    const table = counts(20, 14)
    const { left, objective, right, status } = fitted(table)
    assert.strictEqual(status, "converged")
    const at = objectiveOf(table, model, left, right)
    assert.closeTo(objective, at, 1e-10 * at)
    for (const side of [left, right]) {
      for (let k = 0; k < side.length; k++) {
        const [kept, step] = [side[k]!, 1e-3]
        side[k] = kept + step
        const above = objectiveOf(table, model, left, right)
        side[k] = kept - step
        const below = objectiveOf(table, model, left, right)
        side[k] = kept
        // the slope is 0 within the tolerance of the sweeps
        assert.isBelow(Math.abs(above - below) / (2 * step), 1e-2)
      }
    }
    // a control: another confidence has another objective
    assert.isAbove(Math.abs(objectiveOf(table, { ...model, alpha: 1.9 }, left, right) - at), 0.1)
  })

  it("takes a table of ones for its rank-one answer", () => {
    const table = tableAt(6, 5, Array.from({ length: 30 }).keys(), () => 1)
    const [rank, alpha, penalty] = [1, 3, 0.5]
    const { left, right } = fitted(table, { rank, alpha, penalty })
    // least of 4 * 30 (1 - s t)^2 + penalty (6 s^2 + 5 t^2): s t = 1 - penalty sqrt(30) / 120
    const expected = 1 - (penalty * Math.sqrt(30)) / 120
    for (const x of left) for (const y of right) assert.closeTo(x * y, expected, 1e-5)
  })

  it("permutes with the rows, and depends on counts only times alpha", () => {
    const table = counts(30, 16)
    const order = RandomStream.make(seed.child("order")).permutation(table.rows)
    const permuted = { ...table, rowOf: table.rowOf.map((row) => order[row]!) }
    const [one, other] = [fitted(table), fitted(permuted)]
    const { rank } = model
    one.left.forEach((value, at) => {
      const to = order[Math.floor(at / rank)]! * rank + (at % rank)
      assert.closeTo(other.left[to]!, value, 1e-6)
    })
    const scaled = { ...table, values: table.values.map((value) => 8 * value) }
    assert.deepStrictEqual(fitted(scaled, { ...model, alpha: model.alpha / 8 }).right, one.right)
    assert.notDeepEqual(fitted(scaled).right, one.right)
  })

  it("beats the most popular columns where rows have tastes, and not where they have none", () => {
    const lists = (isGrouped: boolean) => {
      const table = counts(120, 60, isGrouped)
      const choice = chooseImplicit(table, { seed, kernels })
      const rows = Uint32Array.from({ length: 120 }, (_, row) => row)
      return recommendImplicit(table, choice.model, { top: 10, rows, seed, kernels })
    }
    const { found, lists: own } = lists(true)
    assert.isAbove(found!.gain.mean, 3 * found!.gain.standardError)
    const hits = own.columnOf.filter((column, i) => {
      const row = own.starts.findLastIndex((from) => from <= i)
      return (row + column) % 2 === 0
    })
    assert.isAbove(hits.length, 0.9 * own.columnOf.length)
    const none = lists(false).found!
    assert.isBelow(none.gain.mean, 2 * none.gain.standardError)
  })

  it("refuses counts that are not positive, and too large a rank", () => {
    const table = counts(20, 14)
    const rows = Uint32Array.of(0)
    assert.throws(() => chooseImplicit({ ...table, values: table.values.map(() => 0) }), /values/)
    assert.throws(
      () => recommendImplicit(table, { ...model, rank: 15 }, { top: 3, rows }),
      /rank must be an integer from 1 to 14/,
    )
    assert.throws(() => chooseImplicit(tableAt(2, 2, [0, 3], () => 1)), /at least three cells/)
  })

  it("knows counts from ratings", () => {
    assert.isTrue(areCounts(Float64Array.of(1, 1, 1)))
    assert.isTrue(areCounts(Float64Array.of(1, 1, 1, 2, 2, 40)))
    for (const ratings of [
      [1, 1, 2, 5],
      [0, 1, 1, 40],
      [1.5, 1, 1, 40],
      [1, 50, 50, 99],
    ])
      assert.isFalse(areCounts(Float64Array.from(ratings)))
  })
})
