import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { significantDigits } from "../src/SignificantDigits.ts"
import type { Columns } from "../src/Columns.ts"
import * as Parts from "../src/Parts.ts"

describe("a table by its columns", () => {
  it("is the same table again, also through JSON: numbers that are not finite, words like them, holes", () => {
    const rows = [
      { step: 1, loss: Number.NaN, method: "NaN", done: true },
      { step: 2, loss: -Infinity, method: "SAM", done: false },
      { step: 3, loss: 1e-300, method: "" },
    ]
    const json = JSON.stringify(Parts.columnsOf(rows))
    assert.deepStrictEqual(Parts.rowsOf(JSON.parse(json) as Columns), rows)
  })

  it("has ten digits of numbers with many, also beside those that are not finite, and packs them", () => {
    const numbers = [0.1, 1 / 3, -0, Number.NaN, -Infinity, 9.999999999, 2 / 3, -Math.PI, 1e300 / 7]
    const rows = [...numbers, ...numbers.map((x) => x / 9)].map((loss) => ({ loss }))
    const columns = Parts.columnsOf(rows)
    assert.isFalse(Array.isArray(columns["loss"]))
    const found = Parts.rowsOf(JSON.parse(JSON.stringify(columns)) as Columns)
    const rounded = rows.map(({ loss }) => ({ loss: Number(loss.toPrecision(significantDigits)) }))
    assert.deepStrictEqual(found, rounded)
  })

  it("has the ten digits of any column of numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1 }), (numbers) => {
        const found = Parts.rowsOf(Parts.columnsOf(numbers.map((x) => ({ x }))))
        const ten = (x: unknown) => Number((x as number).toPrecision(significantDigits))
        assert.deepStrictEqual(
          found.map(({ x }) => ten(x)),
          numbers.map(ten),
        )
      }),
    )
  })

  it("is empty without rows", () => {
    assert.deepStrictEqual(Parts.rowsOf(Parts.columnsOf([])), [])
  })
})

describe("packed JSON", () => {
  it("is the same again, whatever it holds, but for digits beyond the tenth of tables", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Parameters<typeof Parts.pack>[0]
        assert.deepStrictEqual(Parts.unpack(Parts.pack(json)), json)
      }),
    )
  })

  it("has a table by its columns, and leaves one whose rows have other columns", () => {
    const rows = [1, 2, 3, 4].map((x) => ({ x, y: null }))
    const even = { data: { values: rows } }
    assert.deepStrictEqual(Parts.pack(even), {
      data: { values: { "by columns": { x: [1, 2, 3, 4], y: [null, null, null, null] } } },
    })
    assert.deepStrictEqual(Parts.unpack(Parts.pack(even)), even)
    const long = [1, 2, 3, 4].map((x) => ({ x: x / 7 }))
    assert.notInclude(JSON.stringify(Parts.pack(long)), "0.142857")
    assert.deepStrictEqual(
      Parts.unpack(Parts.pack(long)),
      long.map(({ x }) => ({ x: Number(x.toPrecision(significantDigits)) })),
    )
    const uneven = [...rows, { x: 5 }]
    assert.deepStrictEqual(Parts.pack(uneven), uneven)
  })

  it("has rows of the table by their numbers, as long as all are", () => {
    const table = Array.from({ length: 9 }, (_, x) => ({ x: x / 7, series: "a" }))
    const own = [...table.slice(1, 4), table[8]!, table[0]!]
    const known = Parts.rowIndices(table)
    const spec = { data: { values: own } }
    const found = Parts.pack(spec, known)
    assert.deepStrictEqual(found, { data: { values: { "rows of the table": [1, 3, 8, 1, 0, 1] } } })
    assert.deepStrictEqual(Parts.unpack(found, table), spec)
    const other = { data: { values: [...own, { x: 3, series: "b" }] } }
    assert.include(JSON.stringify(Parts.pack(other, known)), "by columns")
    assert.lengthOf([...Parts.rowIndices([{ x: Number.NaN }, { x: 1 }])], 1)
  })
})
