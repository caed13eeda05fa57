// Every claim holds with its controls caught, and every erratum is one; `conformance.e2e.ts` has the experiments.
import { assert, it } from "@effect/vitest"
import { Conformance } from "@nonconvex/evidence"
import { Effect } from "effect"
import { system } from "../../src/evidence/index.ts"
import { capabilities } from "../support/capabilities.ts"

const effort = { runs: 64, seed: 20_230_529 }

/**
 * Claims about networks in training. By the plain loops of the reference kernels, to which the others are compared, they
 * would take ten minutes; `npm run bits` compares all of them.
 */
const slow = new Set(
  [
    "catapult-shrinks-the-kernel",
    "kernel-stays-below-the-critical-rate",
    "spike-in-the-top-eigenspace",
    "catapults-learn-features",
    "small-batches-learn-features",
    "alignment-ranks-optimizers",
    "too-few-samples",
  ].map((name) => `${system.id}/${name}`),
)

const claimed = { ...system, experiments: [] }

for (const { check, name } of Conformance.cases(claimed, effort, { slow })) {
  it.effect(name, () => check.pipe(Effect.provide(capabilities)), 300_000)
}

it("what is not compared in whole is of the system", () => {
  const known = new Set(system.claims.map(({ id }) => id))
  assert.deepStrictEqual(
    [...slow].filter((id) => !known.has(id)),
    [],
  )
})
