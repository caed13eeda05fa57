import { assert, describe, it } from "vitest"
import * as Imports from "../src/Imports.ts"

const of = (source: string) => Imports.parse("a.ts", source).map((found) => found.specifier)

describe("Imports", () => {
  it("finds every way to name a module", () => {
    const source = `
      import type { A } from "types"
      import "effects"
      export * from "everything"
      export type { B } from "some"
      type C = import("query").C
      const d = await import("dynamic")
      const e = await import(\`template\`)
    `
    const names = ["types", "effects", "everything", "some", "query", "dynamic", "template"]
    assert.deepStrictEqual(of(source), names)
  })

  it("tells what is loaded from types alone", () => {
    const source = `
      import type { A } from "types"
      import type B from "types"
      import type from "named type"
      import { type C } from "one by one"
      import "effects"
      export type { D } from "types"
      export type * from "types"
      export { e } from "some"
      export * from "everything"
      export const f = await import("later")
    `
    const names = ["named type", "one by one", "effects", "some", "everything"]
    assert.deepStrictEqual(Imports.loaded("a.ts", source), names)
  })

  it("takes no comment, no string and no computed name for one", () => {
    assert.deepStrictEqual(of('// import "a"\nconst b = \'import "c"\'\nimport(`d/${b}`)'), [])
  })

  it("counts lines from 1", () => {
    assert.deepStrictEqual(Imports.parse("a.ts", '\nimport "b"'), [{ specifier: "b", line: 2 }])
  })

  it("knows the package of a specifier", () => {
    const names = ["effect/Stream", "@nonconvex/evidence/x", "node:fs", "./a.ts", "#internal"]
    assert.deepStrictEqual(names.map(Imports.packageName), [
      "effect",
      "@nonconvex/evidence",
      undefined,
      undefined,
      undefined,
    ])
  })
})
