import { stripTypeScriptTypes } from "node:module"
import { Script } from "node:vm"
import { assert, describe, it } from "vitest"
import { apply, instrument, type Mutant, mutantsOf, sample } from "../src/Mutants.ts"

const file = "packages/example/src/theory/Theory.ts"

const of = (source: string): ReadonlyArray<Mutant> => mutantsOf(file, source)

/** What each mutant of an expression in x and y makes of it. */
const changes = (expression: string): ReadonlyArray<string> =>
  of(`export const f = (x: number, y: number): number => ${expression}\n`).map(
    ({ change, kind }) => `${kind}: ${change.split(" -> ")[1]}`,
  )

describe("mutantsOf", () => {
  it("changes factors, signs and constants", () => {
    assert.deepStrictEqual(changes("x - y / 2"), [
      "sign: (x) + (y / 2)",
      "drop-right: x",
      "product: (y) * (2)",
      "drop-right: y",
      "plus-one: 3",
      "half: 1",
      "double: 4",
    ])
  })

  it("changes comparisons, choices, extremes, roots, powers and indices", () => {
    assert.deepStrictEqual(changes("x < y ? x : y"), ["comparison: (x) >= (y)"])
    assert.deepStrictEqual(changes("Math.max(x, y)"), ["extreme: Math.min(x, y)"])
    assert.deepStrictEqual(changes("Math.sqrt(x)"), ["drop-call: x"])
    assert.deepStrictEqual(changes("Elementary.pow(x, y)"), ["drop-right: x"])
    assert.deepStrictEqual(changes("Vector.norm(x)"), ["square: Vector.norm(x) ** 2"])
    assert.deepStrictEqual(changes("x[y]"), ["index: y + 1"])
    assert.deepStrictEqual(changes("-x"), ["drop-minus: x"])
  })

  it("leaves types, messages, checks of inputs, tolerances and limits alone", () => {
    const source = [
      "const most: 3 = 60",
      "export const f = (x: number): number => {",
      '  Require.positive("f", "x", x * 2)',
      "  if (x > 3 * 2) throw new Error(`over ${3 + 3}`)",
      "  return x > 1e-9 ? most : x",
      "}",
    ].join("\n")
    assert.deepStrictEqual(
      of(source).map(({ kind, line }) => [kind, line]),
      [["comparison", 5]],
    )
  })

  it("names a mutant by its function and its place among its like there", () => {
    const ids = (source: string) => of(source).map(({ id }) => id.slice(file.length))
    const g = "export const g = { inner: (x: number): number => -x }\n"
    assert.deepStrictEqual(ids(g), ["#g.inner:drop-minus:1"])
    assert.deepStrictEqual(ids(`const other = (x: number) => -x\n${g}`).at(-1), ids(g)[0])
  })

  it("makes programs of all of them, where statements end without semicolons too", () => {
    const source = [
      "export const f = (x: Float64Array, out: Float64Array): void => {",
      "  const y = x[0]!",
      "  out[0]! += y * 2",
      "  for (let i = 1; i < x.length; i++) out[i]! -= x[i]!",
      "  out.fill(y)",
      "}",
    ].join("\n")
    const mutants = of(source)
    for (const mutant of mutants) {
      assert.doesNotThrow(() => new Script(runnable(apply(source, mutant))), mutant.change)
    }
    const [x, out] = [Float64Array.of(3, 4), Float64Array.of(1, 1)]
    const mutantsReached = new Uint8Array(mutants.length)
    const marked = `${runnable(instrument(source, mutants, 0))}; f(x, out)`
    new Script(marked).runInNewContext({ mutantsReached, x, out })
    assert.deepStrictEqual(Array.from(out), [3, 3])
    assert.isTrue(mutantsReached.every((mark) => mark === 1))
  })
})

/** A source without types and exports. */
const runnable = (source: string): string => stripTypeScriptTypes(source).replace(/export /g, "")

describe("sample", () => {
  it("keeps its choice when a function is added, and its order", () => {
    const one = of("export const f = (x: number): number => x * 2 - x / 3 + 4\n")
    const two = [...of("export const g = (x: number): number => x\n"), ...one]
    const chosen = sample(one, 4, 1)
    assert.deepStrictEqual(sample(two, 4, 1), chosen)
    assert.strictEqual(chosen.length, 4)
    assert.deepStrictEqual(
      chosen.map(({ start }) => start),
      chosen.map(({ start }) => start).toSorted((a, b) => a - b),
    )
    assert.notDeepEqual(sample(one, 4, 2), chosen)
  })
})
