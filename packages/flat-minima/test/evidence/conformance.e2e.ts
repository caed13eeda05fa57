// Every experiment shows what it should in its smallest preset, twice bit for bit.
import { it } from "@effect/vitest"
import * as Conformance from "@nonconvex/evidence/Conformance"
import { Effect } from "effect"
import { system } from "../../src/evidence/system.ts"
import { capabilities } from "../support/capabilities.ts"

const shown = { ...system, claims: [], errata: [] }

for (const { check, name } of Conformance.cases(shown, { runs: 40, seed: 20_240_721 })) {
  it.effect(name, () => check.pipe(Effect.provide(capabilities)), 120_000)
}
