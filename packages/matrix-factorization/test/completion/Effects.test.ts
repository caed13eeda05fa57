import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Effects from "../../src/completion/Effects.ts"
import { compress } from "../../src/completion/Table.ts"
import { tableAt } from "../support/Tables.ts"

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 9 }),
  columns: fc.integer({ min: 1, max: 9 }),
  /** Of 8 places how many are seen: rows without an entry among them. */
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

  it("have the bits of the kernels of rank 0", () => {
    fc.assert(
      fc.property(shapes, ({ ridge, ...given }) => {
        const { observations, ofColumns } = expanded(given)
        const { byRow, rows } = observations
        const [own, same] = [new Float64Array(rows), new Float64Array(rows)]
        Effects.fit(byRow, ofColumns, ridge, own)
        kernels.sparseLeastSquares(0, byRow, ofColumns, new Float64Array(rows), ridge, same)
        assert.deepStrictEqual(own, same)
      }),
    )
  })

  it("leave of entries what the kernels say, to the bit, written or not", () => {
    fc.assert(
      fc.property(shapes, (given) => {
        const { observations, ofColumns, ofRows } = expanded(given)
        const { byRow, count } = observations
        const [out, same] = [new Float64Array(count), new Float64Array(count)]
        const square = kernels.sparseResiduals(0, byRow, ofRows, ofColumns, same)
        assert.strictEqual(Effects.residuals(byRow, ofRows, ofColumns), square)
        assert.strictEqual(Effects.residuals(byRow, ofRows, ofColumns, out), square)
        assert.deepStrictEqual(out, same)
      }),
    )
  })

  it("have the objective that sums say right after the columns were fitted", () => {
    let told = 0
    fc.assert(
      fc.property(shapes, ({ ridge, ...given }) => {
        const { observations, ofColumns, ofRows } = expanded(given)
        const both = [ridge, 2 * ridge] as const
        Effects.fit(observations.byColumn, ofRows, both[1], ofColumns)
        const sums = Effects.sumsOf(observations)
        const found = Effects.objectiveAtBest(sums, ofRows, ofColumns, both)
        if (found === undefined) return
        told++
        const objective = Effects.objectiveOf(observations, ofRows, ofColumns, both)
        assert.closeTo(found, objective, 1e-12 * (sums.square + objective))
      }),
    )
    assert.isAbove(told, 50)
  })

  it("have the objective that sums say where nothing is fitted, to the bit", () => {
    fc.assert(
      fc.property(shapes, ({ ridge, ...given }) => {
        const { observations, ofColumns } = expanded(given)
        const [rows, columns] = [observations.rows, observations.columns].map(
          (length) => new Float64Array(length),
        )
        const sums = Effects.sumsOf(observations)
        assert.strictEqual(
          Effects.objectiveAtStart(sums, rows!, columns!),
          Effects.objectiveOf(observations, rows!, columns!, [ridge, ridge]),
        )
        assert.isUndefined(Effects.objectiveAtStart(sums, rows!, ofColumns))
      }),
    )
  })

  it("say nothing by sums of a table that effects explain", () => {
    const { observations } = expanded({
      rows: 6,
      columns: 5,
      density: 8,
      isWeighed: false,
      seed: 1,
    })
    const { byColumn, byRow } = observations
    for (const { values } of [byRow, byColumn]) values.fill(1)
    const [ofRows, ofColumns] = [new Float64Array(6).fill(1), new Float64Array(5)]
    Effects.fit(byColumn, ofRows, 0, ofColumns)
    assert.isUndefined(
      Effects.objectiveAtBest(Effects.sumsOf(observations), ofRows, ofColumns, [0, 0]),
    )
  })
})
