// Every claim holds with its controls caught, and every erratum is one; `conformance.e2e.ts` has the experiments.
import { it } from "@effect/vitest"
import * as Conformance from "@nonconvex/evidence/Conformance"
import { Effect } from "effect"
import { capabilities } from "../support/capabilities.ts"
import { system } from "../../src/evidence/system.ts"

const claimed = { ...system, experiments: [] }

for (const { check, name } of Conformance.cases(claimed, { runs: 50, seed: 20_231_017 })) {
  it.effect(name, () => check.pipe(Effect.provide(capabilities)), 60_000)
}
