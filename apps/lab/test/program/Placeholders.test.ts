/** Settings in braces within a command line. */
import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import * as Placeholders from "../../src/evidence/program/Placeholders.ts"

describe("the settings in braces", () => {
  it("are replaced, and all other text stays", () => {
    const name = fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,4}$/)
    const text = fc.stringMatching(/^[a-z "':,[\]]{0,6}$/)
    fc.assert(
      fc.property(fc.array(fc.record({ name, text, value: fc.string() })), (parts) => {
        const values = Object.fromEntries(parts.map((part) => [part.name, part.value]))
        const written = parts.map((part) => `${part.text}{${part.name}}{{${part.name}}}`).join("")
        assert.deepStrictEqual(
          Placeholders.namesIn(written),
          parts.map((part) => part.name),
        )
        assert.strictEqual(
          Placeholders.filled(written, values),
          parts.map((part) => `${part.text}${values[part.name]!}{${part.name}}`).join(""),
        )
      }),
    )
    const json = '{"a": {"b": [1, {}]}, "rate": {rate}}'
    assert.strictEqual(
      Placeholders.filled(json, { rate: "0.5" }),
      '{"a": {"b": [1, {}]}, "rate": 0.5}',
    )
  })
})
