/** Lists of the best columns, beside what is computed by hand. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { assert, describe, it } from "vitest"
import * as Ranking from "../../src/completion/Ranking.ts"
import { hide } from "../../src/completion/Recommendation.ts"
import { compress, type Table } from "../../src/completion/Table.ts"
import { completeTable, fitTable, predict, recommend } from "../../src/index.ts"
import { tableAt } from "../support/Tables.ts"

const seed = Seed.root("recommendation")
const kernels = Kernels.strict()

/** Ratings by two tastes: rows like the columns of their own parity. */
const ratings = (rows: number, columns: number): Table => {
  const stream = RandomStream.make(seed.child("ratings"))
  const places = Array.from({ length: rows * columns }, (_, at) => at).filter(
    () => stream.uniform() < 0.4,
  )
  return tableAt(
    rows,
    columns,
    places,
    (row, column) => ((row + column) % 2 === 0 ? 4 : 1) + Number(stream.uniform() < 0.5),
  )
}

const rowsOf = (count: number) => Uint32Array.from({ length: count }, (_, row) => row)

describe("ranking", () => {
  it("takes the highest scores in order, the lower column first of equal ones, and no impossible one", () => {
    const out = new Uint32Array(3)
    const scores = Float64Array.of(1, -Infinity, 5, 5, 0, 7)
    assert.strictEqual(Ranking.best(scores, 3, out), 3)
    assert.deepStrictEqual(Array.from(out), [5, 2, 3])
    assert.strictEqual(Ranking.best(Float64Array.of(-Infinity, 2), 3, out), 1)
    assert.strictEqual(out[0], 1)
  })

  it("has the NDCG and precision of the definition, without the seen cells", () => {
    // row 0: seen column 0; held out 1 and 3; scores order the candidates 2, 3, 1
    const seen = compress(tableAt(1, 4, [0], () => 1)).byRow
    const held = compress(tableAt(1, 4, [1, 3], () => 1)).byRow
    const scorer: Ranking.Scorer = (_, out) => out.set([9, 1, 3, 2])
    const judged = (gains: ReadonlyArray<number>, top: number, amongHeld = false) =>
      Ranking.judge(scorer, 4, {
        seen,
        held,
        gains: Float64Array.from(gains),
        rows: Uint32Array.of(0),
        top,
        amongHeld,
      })
    const two = judged([1, 1], 2)
    assert.closeTo(two.ndcg[0]!, 1 / Math.log2(3) / (1 + 1 / Math.log2(3)), 1e-12)
    assert.strictEqual(two.precision[0], 1 / 2)
    // graded: column 1 gains 2 and column 3 gains 1, in the order 3, 1
    const graded = judged([2, 1], 2, true)
    assert.closeTo(graded.ndcg[0]!, (1 + 2 / Math.log2(3)) / (2 + 1 / Math.log2(3)), 1e-12)
  })
})

describe("recommend", () => {
  it("lists the highest predictions without the observed cells, and values that predict gives", () => {
    const table = ratings(40, 24)
    const { fit } = completeTable(table, { seed, kernels })
    const { lists } = recommend(table, fit, { top: 5, rows: rowsOf(40), seed, kernels })
    const observed = new Set(Array.from(table.rowOf, (row, i) => 24 * row + table.columnOf[i]!))
    for (let row = 0; row < 40; row++) {
      const [from, to] = [lists.starts[row]!, lists.starts[row + 1]!]
      const listed = Array.from(lists.columnOf.subarray(from, to))
      assert.lengthOf(listed, 5)
      const others = Array.from({ length: 24 }, (_, column) => column).filter(
        (column) => !observed.has(24 * row + column),
      )
      const best = others
        .map((column) => predict(fit, row, column))
        .toSorted((a, b) => b - a)
        .slice(0, 5)
      listed.forEach((column, k) => {
        assert.isFalse(observed.has(24 * row + column))
        assert.closeTo(lists.values[from + k]!, best[k]!, 1e-12)
      })
    }
  })

  it("finds and orders held-out cells better than popularity and means where rows have tastes", () => {
    const table = ratings(80, 30)
    const { fit } = completeTable(table, { seed, kernels })
    const { found, ordered } = recommend(table, fit, { top: 5, rows: rowsOf(1), seed, kernels })
    for (const each of [found!, ordered!]) {
      assert.isAbove(each.gain.mean, 3 * each.gain.standardError)
      assert.isAtMost(each.ndcg.model.mean, 1)
    }
    // a control: means of columns order no better than means of columns
    const means = fitTable(table, { ...fit.model, kind: "column means", rank: 0 }, { kernels })
    const none = recommend(table, means, { top: 5, rows: rowsOf(1), seed, kernels })
    assert.strictEqual(none.ordered!.gain.mean, 0)
  })

  it("hides a fifth of each row with two cells or more, and each cell once", () => {
    const table = ratings(30, 20)
    const { held, training } = hide(table, seed)
    assert.strictEqual(held.values.length + training.values.length, table.values.length)
    const counts = new Uint32Array(30)
    for (const row of table.rowOf) counts[row]!++
    counts.forEach((count, row) => {
      const expected = count < 2 ? 0 : Math.ceil(count / 5)
      assert.strictEqual(held.starts[row + 1]! - held.starts[row]!, expected)
    })
  })

  it("gives a row without cells the most popular columns", () => {
    const table = { ...tableAt(4, 3, [0, 2, 3, 5, 8], () => 2), rows: 5 }
    const model = { kind: "mean", rank: 0, penalty: Infinity, weighting: 0, ridge: [1, 1] } as const
    const { lists } = recommend(table, fitTable(table, model), {
      top: 2,
      rows: Uint32Array.of(4),
    })
    assert.deepStrictEqual(Array.from(lists.columnOf), [2, 0])
  })

  it("refuses rows that the table lacks, longer lists than it has columns, and the fit of another table", () => {
    const [table, other] = [ratings(20, 8), ratings(20, 9)]
    const fit = fitTable(table, completeTable(table, { seed, kernels }).validation.model)
    const listed = (rows: Uint32Array, top: number, given = table) =>
      recommend(given, fit, { top, rows })
    assert.throws(() => listed(Uint32Array.of(20), 3), /a row must be an integer from 0 to 19/)
    assert.throws(() => listed(Uint32Array.of(0), 9), /top must be an integer from 1 to 8/)
    assert.throws(() => listed(Uint32Array.of(0), 3, other), /columnEffects must be 9/)
  })
})
