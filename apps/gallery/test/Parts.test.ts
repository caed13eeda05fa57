import { assert, describe, it } from "@effect/vitest"
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
