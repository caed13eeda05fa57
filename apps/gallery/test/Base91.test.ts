import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import * as Base91 from "../src/Base91.ts"

describe("bytes as letters", () => {
  it("are the same bytes again", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        assert.deepStrictEqual(Base91.decode(Base91.encode(bytes)), bytes)
      }),
    )
  })

  it("have no sign that HTML reads, and pass over the spaces around them", () => {
    const bytes = Uint8Array.from({ length: 4096 }, (_, k) => (k * k * 31) & 255)
    const text = Base91.encode(bytes)
    assert.match(text, /^\d+ [^<&"\s]+$/)
    assert.deepStrictEqual(Base91.decode(`\n  ${text}\n`), Base91.decode(text))
  })

  it("are none where the text is of another kind", () => {
    for (const text of ["", "x", "12", "-1 abc", "9e99 abc"]) {
      assert.isAtMost(Base91.decode(text).length, 3)
    }
  })

  it("are fewer than those of base64", () => {
    const bytes = Uint8Array.from(
      { length: 30_000 },
      (_, k) => (Math.imul(k, 0x9e3779b1) >>> 13) & 255,
    )
    assert.isBelow(Base91.encode(bytes).length, 1.24 * bytes.length)
  })
})
