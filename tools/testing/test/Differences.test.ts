import { assert, describe, it } from "vitest"
import { differences } from "../src/Differences.ts"

const ignored = new Set(["seconds"])

describe("differences", () => {
  it("finds none in equal values, but for what is ignored", () => {
    const [left, right] = [
      { rows: [{ x: 1, seconds: 2 }, null, "a"] },
      { rows: [{ x: 1, seconds: 3 }, null, "a"] },
    ]
    assert.deepStrictEqual(differences(left, right, ignored), [])
  })

  it("names each place, of whatever kind", () => {
    const left = { rows: [{ x: 0.1 }, { x: -0 }, { x: [] }, 1], more: true, text: "NaN" }
    const right = { rows: [{ x: 0.1 }, { x: 0 }, { x: {} }], text: "Infinity" }
    assert.deepStrictEqual(differences(left, right, ignored), [
      "/rows/1/x: 0, and 0",
      "/rows/2/x: 0 entries, and an object",
      "/rows/3: 1, and nothing",
      "/more: true, and nothing",
      '/text: "NaN", and "Infinity"',
    ])
  })
})
