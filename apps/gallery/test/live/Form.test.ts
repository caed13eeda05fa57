import { assert, describe, it } from "@effect/vitest"
import { settingsIn, settingsOf, under, written } from "../../src/live/Form.ts"

describe("a form", () => {
  it("asks for each setting in words, and offers values where they are few", () => {
    const schema = {
      type: "object",
      properties: {
        radius: { type: "number", exclusiveMinimum: 0, maximum: 1 },
        steps: { type: "integer", maximum: Number.MAX_SAFE_INTEGER, minimum: 1 },
        mode: { type: "string", enum: ["up", "true"] },
        isWarm: { type: "boolean" },
        radii: { type: "array", items: { type: "number" } },
        arms: { type: "array", items: { type: "string", enum: ["forced", "none"] } },
        other: { anyOf: [{ type: "string" }] },
      },
    }
    assert.deepStrictEqual(settingsOf(schema), [
      { name: "radius", what: "a number above 0 and at most 1" },
      { name: "steps", what: "an integer at least 1" },
      { name: "mode", what: "a text", choices: ["up", '"true"'] },
      { name: "isWarm", what: "true or false", choices: ["true", "false"] },
      { name: "radii", what: "a list, as JSON, of number" },
      { name: "arms", what: "a list, as JSON, of forced, none" },
      { name: "other", what: "JSON" },
    ])
    assert.deepStrictEqual(settingsOf({ type: "string" }), [])
  })

  it("writes values as they are read, and finds them in an address", () => {
    assert.deepStrictEqual([0.1, [1, 2], "sam", "1", true].map(written), [
      "0.1",
      "[1,2]",
      "sam",
      '"1"',
      "true",
    ])
    const query = { ...settingsIn({ radius: 0.1, mode: "up" }), seed: "1", "set.empty": "" }
    assert.deepStrictEqual(under(query, "set."), { radius: "0.1", mode: "up" })
  })
})
