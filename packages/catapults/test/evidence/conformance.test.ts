// Every claim holds with its controls caught, every erratum is one, and every experiment shows what it should.
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Conformance, Plan, Verdict, Verify } from "@nonconvex/evidence"
import { Kernels } from "@nonconvex/numerics"
import { Effect, Layer } from "effect"
import { system } from "../../src/evidence/index.ts"

const capabilities = Layer.merge(Kernels.layerStrict, Datasets.layer).pipe(
  Layer.provide(NodeServices.layer),
)
const effort = { runs: 64, seed: 20_230_529 }

/**
 * Claims about networks in training. By the plain loops of the reference kernels, to which the others are compared, they would take
 * seven minutes; the smallest presets of the experiments compare the same code.
 */
const inTraining = new Set(
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
const slow = system.claims.filter(({ id }) => inTraining.has(id))
const fast = system.claims.filter(({ id }) => !inTraining.has(id))

for (const { check, name } of Conformance.cases({ ...system, claims: fast }, effort)) {
  it.effect(name, () => check.pipe(Effect.provide(capabilities)), 300_000)
}

describe("claims about networks in training", () => {
  it("are these seven", () => assert.strictEqual(slow.length, inTraining.size))

  it.each(slow)("$id holds, and its controls are caught", { timeout: 300_000 }, (claim) => {
    const given = { kernels: Kernels.strict() }
    const findings = Plan.ofClaim(claim, effort).map(
      (part) =>
        [
          part,
          Kernels.onlyGiven(() => Verify.searchClaim(claim, part.control, part.search, given)),
        ] as const,
    )
    const verdict = Plan.judgeClaim(claim, findings)
    assert.strictEqual(verdict._tag, "Held", Verdict.describe(verdict))
  })
})
