// Every claim holds with its controls caught, every erratum is one, and every experiment shows what it should.
import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Conformance } from "@nonconvex/evidence"
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

for (const { check, name } of Conformance.cases(system, effort, { slow })) {
  it.effect(name, () => check.pipe(Effect.provide(capabilities)), 300_000)
}

it("the claims that are not compared are claims of the system", () => {
  assert.strictEqual(system.claims.filter(({ id }) => slow.has(id)).length, slow.size)
})
