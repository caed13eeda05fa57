import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Effects from "../../src/completion/Effects.ts"
import { type Compressed, compress, type Observations } from "../../src/completion/Table.ts"
import { tableAt } from "../support/Tables.ts"

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 9 }),
  columns: fc.integer({ min: 1, max: 9 }),
  /** Number of observed places out of 8; some rows have none. */
  density: fc.integer({ min: 0, max: 8 }),
  isWeighed: fc.boolean(),
  ridge: fc.constantFrom(0, 1e-3, 4),
  seed: fc.nat(1000),
})

const expanded = (given: {
  readonly rows: number
  readonly columns: number
  readonly density: number
  readonly isWeighed: boolean
  readonly seed: number
}) => {
  const { columns, density, isWeighed, rows, seed } = given
  const stream = RandomStream.make(Seed.root(seed))
  const normals = (count: number) => Float64Array.from({ length: count }, () => stream.normal())
  const places = Uint32Array.from({ length: rows * columns }, (_, at) => at).filter(
    () => stream.uniform() * 8 < density,
  )
  const table = tableAt(rows, columns, places, () => stream.normal())
  const confidence = normals(places.length).map((x) => 0.1 + Math.abs(x))
  const observations = compress({ ...table, ...(isWeighed && { confidence }) })
  return { observations, ofRows: normals(rows), ofColumns: normals(columns) }
}

describe("effects without a product", () => {
  const kernels = Kernels.strict()

  it("leave of entries what the kernels say, bit for bit, written or not", () => {
    fc.assert(
      fc.property(shapes, (given) => {
        const { observations, ofColumns, ofRows } = expanded(given)
        const { byRow, count } = observations
        const [out, same] = [new Float64Array(count), new Float64Array(count)]
        const square = kernels.sparseResiduals(0, byRow, ofRows, ofColumns, same)
        assert.strictEqual(Effects.residuals(byRow, ofRows, ofColumns), square)
        assert.strictEqual(Effects.residuals(byRow, ofRows, ofColumns, out), square)
        assert.deepStrictEqual(out, same)
        const sums = new Float64Array(byRow.starts.length - 1)
        assert.strictEqual(Effects.residuals(byRow, ofRows, ofColumns, undefined, sums), square)
        const sumOf = (of: Float64Array) => of.reduce((sum, each) => sum + each, 0)
        assert.deepStrictEqual(
          sums,
          sums.map((_, row) => sumOf(out.subarray(byRow.starts[row], byRow.starts[row + 1]))),
        )
      }),
    )
  })

  /** Largest derivative of the objective with respect to an effect. */
  const steepness = (
    { byColumn, byRow }: Observations,
    ofRows: Float64Array,
    ofColumns: Float64Array,
    ridge: readonly [number, number],
  ) => {
    const of = (side: Compressed, own: Float64Array, other: Float64Array, shrink: number) => {
      const sums = own.slice()
      Effects.residuals(side, own, other, undefined, sums)
      return sums.reduce((most, sum, k) => Math.max(most, Math.abs(sum - shrink * own[k]!)), 0)
    }
    return Math.max(
      of(byRow, ofRows, ofColumns, ridge[0]),
      of(byColumn, ofColumns, ofRows, ridge[1]),
    )
  }

  it("are the best: no slope is left in any, wherever they begin", () => {
    fc.assert(
      fc.property(shapes, ({ ridge, ...given }) => {
        const { observations, ofColumns, ofRows } = expanded(given)
        const both = [ridge, 2 * ridge] as const
        assert.isTrue(Effects.improve(observations, ofRows, ofColumns, both, 0, 200))
        assert.isBelow(steepness(observations, ofRows, ofColumns, both), 1e-6)
      }),
    )
  })

  it("are those of alternating least squares, which the kernels have", () => {
    fc.assert(
      fc.property(shapes, (given) => {
        const { observations, ofColumns, ofRows } = expanded(given)
        const { byColumn, byRow } = observations
        const both = [0.5, 1] as const
        const [rows, columns] = [
          new Float64Array(ofRows.length),
          new Float64Array(ofColumns.length),
        ]
        for (let k = 0; k < 200; k++) {
          kernels.sparseLeastSquares(0, byRow, columns, rows, both[0], rows)
          kernels.sparseLeastSquares(0, byColumn, rows, columns, both[1], columns)
        }
        Effects.improve(observations, ofRows, ofColumns, both, 0, 200)
        rows.forEach((effect, i) => assert.closeTo(ofRows[i]!, effect, 1e-7))
        columns.forEach((effect, j) => assert.closeTo(ofColumns[j]!, effect, 1e-7))
      }),
    )
  })

  it("need one step more than the shorter side of the table has effects, at most", () => {
    fc.assert(
      fc.property(shapes, ({ ridge, ...given }) => {
        const { observations, ofColumns, ofRows } = expanded(given)
        const both = [ridge, 2 * ridge] as const
        const most = Math.min(ofRows.length, ofColumns.length) + 1
        const objective = () => Effects.objectiveOf(observations, ofRows, ofColumns, both)
        const start = objective()
        Effects.improve(observations, ofRows, ofColumns, both, 0, most)
        const found = objective()
        Effects.improve(observations, ofRows, ofColumns, both, 0, 200)
        assert.closeTo(found, objective(), 1e-6 * start)
      }),
    )
  })

  it("leave nothing of a table that they explain", () => {
    for (const isWeighed of [false, true]) {
      const { observations, ofColumns, ofRows } = expanded({
        rows: 6,
        columns: 5,
        density: 7,
        isWeighed,
        seed: 1,
      })
      for (const [side, own, other] of [
        [observations.byRow, ofRows, ofColumns],
        [observations.byColumn, ofColumns, ofRows],
      ] as const) {
        own.forEach((effect, k) => {
          for (let e = side.starts[k]!; e < side.starts[k + 1]!; e++) {
            side.values[e] = effect + other[side.others[e]!]!
          }
        })
      }
      const [rows, columns] = [new Float64Array(6), new Float64Array(5)]
      Effects.improve(observations, rows, columns, [0, 0], 1e-10, 200)
      assert.isBelow(Effects.objectiveOf(observations, rows, columns, [0, 0]), 1e-27)
    }
  })

  it("say whether so many steps were enough", () => {
    const { observations, ofColumns, ofRows } = expanded({
      rows: 9,
      columns: 9,
      density: 5,
      isWeighed: true,
      seed: 2,
    })
    const improve = (most: number) =>
      Effects.improve(observations, ofRows, ofColumns, [1e-3, 1e-3], 1e-10, most)
    assert.isFalse(improve(0))
    assert.isFalse(improve(1))
    assert.isTrue(improve(20))
    assert.isTrue(improve(1))
  })
})
