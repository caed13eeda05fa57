/** Counts of claims and errata in READMEs are those of the systems. */
import { assert, describe, it } from "@effect/vitest"
import { Kind } from "@nonconvex/evidence"
import type { System } from "@nonconvex/evidence/System"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { allSystems, Systems } from "../src/evidence/Systems.ts"

const readme = (folder: string) =>
  readFileSync(new URL(`../../../${folder}README.md`, import.meta.url), "utf8")

const claimsOf = ({ claims }: System): string => Kind.counted(claims.map(({ source }) => source))

/** Errata that were read in print. */
const errataOf = ({ errata }: System): string => {
  const count = errata.filter(({ read }) => read.as === "printed").length
  return count === 0 ? "" : `; ${count} errata`
}

describe("READMEs", () => {
  it.live("count claims and errata as the systems do", () =>
    Effect.gen(function* () {
      const main = readme("")
      for (const system of yield* allSystems) {
        const counted = claimsOf(system)
        const row = main.split("\n").find((line) => line.startsWith(`| [${system.id}]`))!
        assert.strictEqual(row.split("|").at(-2)?.trim(), counted + errataOf(system))
        assert.include(readme(`packages/${system.id}/`), `**Claims**: ${counted}.`)
      }
    }).pipe(Effect.provide(Systems.layer)),
  )
})
