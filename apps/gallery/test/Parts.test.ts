import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import * as Parts from "../src/Parts.ts"

describe("a table by its columns", () => {
  it("is the same table again, also through JSON: numbers that are not finite, words like them, holes", () => {
    const rows = [
      { step: 1, loss: Number.NaN, method: "NaN", done: true },
      { step: 2, loss: -Infinity, method: "SAM", done: false },
      { step: 3, loss: 1e-300, method: "" },
    ]
    const json = JSON.stringify(Parts.columnsOf(rows))
    assert.deepStrictEqual(Parts.rowsOf(JSON.parse(json) as Parts.Columns), rows)
  })

  it("is empty without rows", () => {
    assert.deepStrictEqual(Parts.rowsOf(Parts.columnsOf([])), [])
  })
})

describe("dense JSON", () => {
  it("is the same again, whatever it holds", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Parameters<typeof Parts.dense>[0]
        assert.deepStrictEqual(Parts.loose(Parts.dense(json)), json)
      }),
    )
  })

  it("has a table by its columns, and leaves one whose rows have other columns", () => {
    const rows = [1, 2, 3, 4].map((x) => ({ x, y: null }))
    const even = { data: { values: rows } }
    assert.deepStrictEqual(Parts.dense(even), {
      data: { values: { "by columns": { x: [1, 2, 3, 4], y: [null, null, null, null] } } },
    })
    assert.deepStrictEqual(Parts.loose(Parts.dense(even)), even)
    const uneven = [...rows, { x: 5 }]
    assert.deepStrictEqual(Parts.dense(uneven), uneven)
  })
})
