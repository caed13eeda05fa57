// Every experiment shows what it should in its smallest preset, twice bit for bit; and the claims about networks in training hold.
import { assert, it } from "@effect/vitest"
import * as Conformance from "@nonconvex/evidence/Conformance"
import { Effect } from "effect"
import { capabilities } from "../support/capabilities.ts"
import { slow } from "../support/slow.ts"
import { system } from "../../src/evidence/system.ts"

const effort = { runs: 64, seed: 20_230_529 }

const claims = system.claims.filter(({ id }) => slow.has(id))

for (const { check, name } of Conformance.cases({ ...system, claims, errata: [] }, effort, {
  slow,
})) {
  it.effect(name, () => check.pipe(Effect.provide(capabilities)), 300_000)
}

it("what is slow is of the system", () => {
  const known = new Set([...system.claims, ...system.experiments].map(({ id }) => id))
  assert.deepStrictEqual(
    [...slow].filter((id) => !known.has(id)),
    [],
  )
})
