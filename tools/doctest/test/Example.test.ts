import { stripTypeScriptTypes } from "node:module"
import { assert, describe, it } from "vitest"
import * as Example from "../src/Example.ts"

/** Runs an example, and tells with what message it fails; undefined where it does not. */
const run = async (code: string): Promise<string | undefined> => {
  const module = stripTypeScriptTypes(Example.compile("README.md", code, 10))
  const url = `data:text/javascript,${encodeURIComponent(module.replace('from "', 'from "file://'))}`
  try {
    await import(/* @vite-ignore */ url)
    return undefined
  } catch (error) {
    return String(error)
  }
}

describe("Example", () => {
  it.for([
    "1 + 1 // => 2",
    "const x: number = 2 // => 2",
    "[1, 2].map(\n  (n) => n * n,\n) // => [1, 4]",
    "await Promise.resolve({ a: 1 }) // => { a: 1 }",
    "1; // => 1",
    "1 // => 1\n;[1, 2] // => [1, 2]",
    "const x = 1 // => 1\n;[x, 2] // => [1, 2]",
    "Math.sqrt(2) // ≈ 1.414",
    "Float64Array.of(1 / 3, 2e-7) // ≈ [0.3333, 0]",
    "'http://a' // => 'http://a'",
  ])("passes: %s", async (code) => {
    assert.strictEqual(await run(code), undefined)
  })

  it.for([
    "1 + 1 // => 3",
    "const x = 2 // => 3",
    "[1].map(\n  (n) => n * n,\n) // => [2]",
    "-0 // => 0",
    "Float64Array.of(1) // => [1]",
    "Math.sqrt(2) // ≈ 1.42",
    "[1, 2] // ≈ [1]",
    "NaN // ≈ 0",
  ])("fails: %s", async (code) => {
    assert.match((await run(code))!, /AssertionError/)
  })

  it("refuses an assertion with nothing beside it, and names its line", () => {
    const alone = "const x = 1\n// => 1"
    assert.throws(() => Example.compile("README.md", alone, 10), /README\.md:12 there is nothing/)
    assert.throws(() => Example.compile("README.md", "const [a] = [1] // => 1", 10), /nothing/)
  })

  it("refuses code that does not parse, and names the block", () => {
    assert.throws(() => Example.compile("README.md", "const = 1", 10), /README\.md:11/)
  })

  it("keeps every line where it was", () => {
    const compiled = Example.compile("README.md", "const a = 1\n\na // => 1", 10).split("\n")
    assert.strictEqual(compiled[10], "const a = 1")
    assert.match(compiled[12]!, /equal\(\(a\), \(1\)\)/)
  })

  it("takes half a unit of the last printed digit as tolerance", () => {
    const close = (a: number, b: number) => Math.abs(a / b - 1) < 1e-12
    assert.isTrue(close(Example.tolerance("3"), 0.5))
    assert.isTrue(close(Example.tolerance("[-1.41, 2]"), 0.005))
    assert.isTrue(close(Example.tolerance("1.5e-3"), 0.00005))
  })
})
