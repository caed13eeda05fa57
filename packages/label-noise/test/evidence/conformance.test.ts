// Every claim holds with its controls caught, every erratum is one, and every experiment shows what it should.
import { NodeServices } from "@effect/platform-node"
import { it } from "@effect/vitest"
import { Conformance } from "@nonconvex/evidence"
import { Effect } from "effect"
import { system } from "../../src/evidence/index.ts"

for (const { check, name } of Conformance.cases(system, { runs: 64, seed: 20_241_016 })) {
  it.effect(name, () => check.pipe(Effect.provide(NodeServices.layer)), 60_000)
}
