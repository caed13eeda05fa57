import { assert, describe, it } from "@effect/vitest"
import * as Csv from "@nonconvex/evidence/Csv"
import * as CsvRows from "../../src/evidence/kept/CsvRows.ts"

describe("a table that is read again", () => {
  const types = { name: "text", value: "number", isLast: "truth" } as const

  it("has the same bits, quotes and lines", () => {
    const rows = [
      { name: 'a "b", c', value: -0, isLast: true },
      { name: "two\r\nlines", value: Number.NaN, isLast: false },
      { name: "# no comment", value: 1e300, isLast: false },
      { name: "", value: 0.1 + 0.2, isLast: true },
    ]
    const back = CsvRows.decode(Csv.encode(rows), types)
    assert.deepStrictEqual(back, rows)
    assert.isTrue(Object.is(back[0]!["value"], -0))
  })

  it("lacks the numbers and truth values that were not there", () => {
    const rows = [
      { name: "a", value: 1 },
      { name: "b", isLast: true },
    ]
    assert.deepStrictEqual(CsvRows.decode(Csv.encode(rows), types), rows)
  })

  it("is none of no text", () => {
    assert.deepStrictEqual(CsvRows.decode("", types), [])
  })
})
