// Every experiment shows what it should in its smallest preset, twice to the bit.
import { assert, it } from "@effect/vitest"
import { Conformance } from "@nonconvex/evidence"
import { Effect } from "effect"
import { system } from "../../src/evidence/index.ts"
import { capabilities } from "../support/capabilities.ts"

const effort = { runs: 64, seed: 20_230_529 }

/**
 * Experiments about networks in training. By the plain loops of the reference kernels, to which the others are compared, they
 * would take ten minutes; `npm run bits` compares all of them.
 */
const slow = new Set(
  [
    "batch-sizes",
    "optimizers",
    "forced-catapults",
    "rate-schedule",
    "causal-test",
    "test-loss-by-rate",
    "cross-entropy",
    "fashion-mnist",
    "peaks-of-quadratic-models",
    "quadratic-models",
  ].map((name) => `${system.id}/${name}`),
)

const shown = { ...system, claims: [], errata: [] }

for (const { check, name } of Conformance.cases(shown, effort, { slow })) {
  it.effect(name, () => check.pipe(Effect.provide(capabilities)), 300_000)
}

it("what is not compared in whole is of the system", () => {
  const known = new Set(system.experiments.map(({ id }) => id))
  assert.deepStrictEqual(
    [...slow].filter((id) => !known.has(id)),
    [],
  )
})
