/** The errata of the project: each is refuted exactly, by a calculation that a page shows. */
import { assert, describe, it } from "@effect/vitest"
import { Exact } from "@nonconvex/evidence"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { allSystems, Systems } from "../src/evidence/Systems.ts"

const page = readFileSync(new URL("../../../docs/counterexamples.md", import.meta.url), "utf8")

describe("errata", () => {
  it.live("are refuted exactly, by the calculations that the page of counterexamples shows", () =>
    Effect.gen(function* () {
      const systems = yield* allSystems
      const all = systems.flatMap(({ errata }) => errata)
      for (const erratum of all) {
        const { exact } = erratum
        assert(typeof exact === "function", erratum.id)
        const checked = exact()
        assert.strictEqual(checked.outcome, "refuted", erratum.id)
        assert.isAbove(checked.violation.low, 0, erratum.id)
        const shown = Exact.lines(checked).map((line) => `  ${line}`)
        assert.include(page, [erratum.id, ...shown].join("\n"))
      }
      // six that were read in print, two in a conversion, and two that the paper may not say
      const printed = all.filter(({ read }) => read.as === "printed")
      assert.deepStrictEqual([all.length, printed.length], [10, 6])
    }).pipe(Effect.provide(Systems.layer)),
  )
})
