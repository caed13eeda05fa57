// Every claim holds with its controls caught, and every erratum is one; `conformance.e2e.ts` has the experiments.
import { NodeServices } from "@effect/platform-node"
import { it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Conformance } from "@nonconvex/evidence"
import { Kernels } from "@nonconvex/numerics"
import { Effect, Layer } from "effect"
import { system } from "../../src/evidence/index.ts"

const capabilities = Layer.merge(Kernels.layerStrict, Datasets.layer).pipe(
  Layer.provide(NodeServices.layer),
)

const claimed = { ...system, experiments: [] }

for (const { check, name } of Conformance.cases(claimed, { runs: 64, seed: 20_230_529 })) {
  it.effect(name, () => check.pipe(Effect.provide(capabilities)), 60_000)
}
