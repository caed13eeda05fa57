/** The errata of the project: each is refuted exactly, and its system's README shows by what. */
import { assert, describe, it } from "@effect/vitest"
import { Exact } from "@nonconvex/evidence"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { allSystems, Systems } from "../src/evidence/Systems.ts"

const readme = (system: string) =>
  readFileSync(new URL(`../../../packages/${system}/README.md`, import.meta.url), "utf8")

describe("errata", () => {
  it.live("are refuted exactly, by what the README of their system shows", () =>
    Effect.gen(function* () {
      const systems = yield* allSystems
      const all = systems.flatMap(({ errata, id }) => errata.map((erratum) => ({ erratum, id })))
      for (const { erratum, id } of all) {
        const { exact } = erratum
        assert(typeof exact === "function", erratum.id)
        const checked = exact()
        assert.strictEqual(checked.outcome, "refuted", erratum.id)
        assert.isAbove(checked.violation.low, 0, erratum.id)
        const shown = Exact.lines(checked).map((line) => `  ${line}`)
        assert.include(readme(id), [erratum.id, ...shown].join("\n"))
      }
      // six that were read in print, two in a conversion, and two that the paper may not say
      const read = all.filter(({ erratum }) => erratum.read.as === "printed")
      assert.deepStrictEqual([all.length, read.length], [10, 6])
    }).pipe(Effect.provide(Systems.layer)),
  )
})
