/** A part as bytes keeps every bit, and the same part has the same bytes. */
import type { Row } from "@nonconvex/evidence"
import type { Part } from "@nonconvex/runner"
import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { firstDifference } from "../../src/index.ts"
import * as Blob from "../../src/internal/Blob.ts"
import * as Columns from "../../src/internal/Columns.ts"
import * as Parts from "../../src/internal/Parts.ts"
import { searched } from "../support/Numbers.ts"

const cell = fc.oneof(
  fc.double(),
  fc.constantFrom(-0, NaN, Infinity, -Infinity, Number.MIN_VALUE),
  fc.string({ unit: "binary" }),
  // a surrogate without its other half, which UTF-8 does not have
  fc.constantFrom("\ud800", "\0", ""),
  fc.boolean(),
)
const names = ["loss", "step", "method", "ok", "a b"]
const anyRow: fc.Arbitrary<Row> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...names), cell), { selector: ([name]) => name })
  .map((cells) => Object.fromEntries(cells))
const anyRows = fc.array(anyRow, { maxLength: 40 })
const data = fc.option(fc.array(fc.record({ name: fc.string(), digest: fc.string() })), {
  nil: undefined,
})

const number = fc.oneof(fc.double(), fc.constantFrom(-0, NaN, Infinity))
const violation = fc.record({
  instance: fc.jsonValue() as fc.Arbitrary<never>,
  margin: number,
  seed: fc.integer(),
  path: fc.string(),
  shrinks: fc.nat(),
})

const anyPart: fc.Arbitrary<Part> = fc.oneof(
  fc.tuple(anyRows, data).map(([rows, read]): Part => {
    const part = { _tag: "Rows" as const, seconds: 0, rows }
    return read === undefined ? part : { ...part, data: read }
  }),
  fc
    .tuple(fc.array(number), fc.option(violation, { nil: undefined }))
    .map(([margins, found]) => searched(margins, found)),
)

describe("a part", () => {
  it("comes back with every bit", () => {
    fc.assert(
      fc.property(anyPart, (part) => {
        const found = Parts.read(Parts.write(part), part.seconds)
        assert.deepStrictEqual(found, part)
        assert.strictEqual(firstDifference(part, found), undefined)
        assert.deepStrictEqual(Parts.write(found), Parts.write(part))
      }),
    )
  })

  it("has other bytes where one of its bits differs, and the place is named", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1 }), fc.nat(), (rows, at) => {
        const place = at % rows.length
        const found = rows.map((row, k) => (k === place ? { ...row, extra: -0 } : row))
        const [kept, other] = [rows, found].map((all): Part => ({
          _tag: "Rows",
          seconds: 0,
          rows: all,
        }))
        assert.notDeepEqual(Parts.write(kept!), Parts.write(other!))
        assert.deepStrictEqual(firstDifference(kept!, other!), {
          place: `row ${place}, column extra`,
          kept: "nothing",
          found: "-0",
        })
      }),
    )
  })

  it("takes 8 bytes for a number, and a byte for one of a few texts", () => {
    const rows = Array.from({ length: 10_000 }, (_, n) => ({
      loss: Math.sqrt(n),
      method: n % 2 === 0 ? "sam" : "sgd",
    }))
    const bytes = Parts.write({ _tag: "Rows", seconds: 0, rows }).length
    assert.isBelow(bytes - 9 * rows.length, 300)
  })

  it("cannot be read where bytes are missing", () => {
    const bytes = Parts.write(searched([1, 2, 3]))
    assert.throws(() => Parts.read(bytes.subarray(0, -1), 0))
  })

  const text = { name: "x", type: "string", texts: ["y"], count: 0 }
  it.each<[string, Columns.Layout]>([
    ["more rows than any run has", { rows: 1e7, columns: [text as never], shapes: [[0]] }],
    [
      "a column many times in a row",
      { rows: 10, columns: [text as never], shapes: [Array.from({ length: 100_000 }, () => 0)] },
    ],
    [
      "cells that no column counts",
      {
        rows: 1e6,
        columns: Array.from({ length: 2000 }, (_, k) => ({ ...text, name: `c${k}` }) as never),
        shapes: [Array.from({ length: 2000 }, (_, k) => k)],
      },
    ],
    ["negative counts", { rows: -5, columns: [{ ...text, count: -8 } as never], shapes: [[0]] }],
    ["a number of rows in words", { rows: "3" as never, columns: [], shapes: [[]] }],
    ["a shape of a column that does not exist", { rows: 3, columns: [], shapes: [[7]] }],
    ["no shape", { rows: 3, columns: [], shapes: [] }],
  ])("cannot be read if its head claims %s", (_, layout) => {
    const bytes = Blob.write({ _tag: "Rows", layout: Columns.toJson(layout) }, 0, () => undefined)
    assert.throws(() => Parts.read(bytes, 0), "bytes are no")
  })
})

describe("the first difference", () => {
  const rows = (...all: ReadonlyArray<Row>): Part => ({ _tag: "Rows", seconds: 0, rows: all })
  it.each([
    [rows({ n: 1 }), rows({ n: 1 }, { n: 2 }), "", "1 rows", "2 rows"],
    [rows({ n: 0 }), rows({ n: -0 }), "row 0, column n", "0", "-0"],
    [rows({ n: 0.1 + 0.2 }), rows({ n: 0.3 }), "row 0, column n", "0.30000000000000004", "0.3"],
    [rows({ n: 1 }), rows({ n: "1" }), "row 0, column n", "1", '"1"'],
    [rows({ a: 1, b: 2 }), rows({ b: 2, a: 1 }), "row 0, order of columns", "a,b", "b,a"],
    [searched([1, 2]), searched([1, 3]), "margins.1", "2", "3"],
    [searched([1]), rows(), "", "Searched", "Rows"],
    [
      searched([], { instance: { n: 1 }, margin: -1, seed: 1, path: "", shrinks: 0 }),
      searched([], { instance: { n: 2 }, margin: -1, seed: 1, path: "", shrinks: 0 }),
      "violation.instance.n",
      "1",
      "2",
    ],
  ])("of %o and %o is at %s", (kept, found, place, before, now) => {
    assert.deepStrictEqual(firstDifference(kept, found), { place, kept: before, found: now })
  })
})
