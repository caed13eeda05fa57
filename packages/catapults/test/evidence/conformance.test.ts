// Every claim but those about networks in training holds with its controls caught, and every erratum is one; `conformance.e2e.ts` has the rest.
import { it } from "@effect/vitest"
import * as Conformance from "@nonconvex/evidence/Conformance"
import { Effect } from "effect"
import { capabilities } from "../support/capabilities.ts"
import { isSlow } from "../support/slow.ts"
import { system } from "../../src/evidence/system.ts"

const effort = { runs: 64, seed: 20_230_529 }

const claimed = { ...system, experiments: [] }

for (const { check, name } of Conformance.cases(claimed, effort)) {
  if (isSlow(name)) continue
  it.effect(name, () => check.pipe(Effect.provide(capabilities)), 300_000)
}
