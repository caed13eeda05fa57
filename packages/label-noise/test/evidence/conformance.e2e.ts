// Every experiment shows what it should in its smallest preset, twice to the bit.
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

const shown = { ...system, claims: [], errata: [] }

for (const { check, name } of Conformance.cases(shown, { runs: 64, seed: 20_241_016 })) {
  it.effect(name, () => check.pipe(Effect.provide(capabilities)), 60_000)
}
