import { assert, describe, it } from "@effect/vitest"
import * as Csv from "../src/Csv.ts"

describe("rows as CSV", () => {
  it("have quoted cells where these would be read otherwise", () => {
    const rows = [
      { name: "a,b", 'with "quotes"': 'say "no"', is: true },
      { name: "# no comment", 'with "quotes"': "two\nlines", is: false },
    ]
    assert.strictEqual(
      Csv.encode(rows),
      'name,"with ""quotes""",is\r\n"a,b","say ""no""",true\r\n"# no comment","two\nlines",false\r\n',
    )
    assert.strictEqual(Csv.encode([]), "")
  })

  it("have the columns of all rows, and nothing where a row has none", () => {
    assert.strictEqual(Csv.encode([{ a: 1 }, { b: "x" }]), "a,b\r\n1,\r\n,x\r\n")
  })

  it("have numbers bit for bit", () => {
    const values = [-0, 0.1, 2 ** 53 - 1, 2 ** 60, -1e300, 5e-324, Number.NaN, -Infinity]
    const cells = Csv.line(values).trimEnd().split(",")
    assert.isTrue(cells.every((cell, k) => Object.is(Number(cell), values[k])))
    // an integer of more digits than it has would be read as another one
    assert.strictEqual(cells[3], "1.152921504606847e+18")
  })

  it("may have tabs between cells", () => {
    assert.strictEqual(Csv.line(["a,b", "c\td", 1], "\t"), '"a,b"\t"c\td"\t1\r\n')
  })
})
