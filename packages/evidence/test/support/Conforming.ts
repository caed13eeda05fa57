/** What conformance says of a system that is tried. */
import { NodeServices } from "@effect/platform-node"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { Effect, Layer } from "effect"
import * as Conformance from "../../src/Conformance.ts"
import { bound } from "./Numbers.ts"

export const held = bound({ limit: 9, largest: 9, controls: [10] })
const effort = { runs: 100, seed: 1 }

const capabilities = Layer.merge(Kernels.layerReference, Datasets.layer).pipe(
  Layer.provide(NodeServices.layer),
)

/** What the cases of a system that is `numbers` but for `changed` say: nothing, or why not. */
export const said = (
  changed: Partial<Parameters<typeof Conformance.cases>[0]>,
  computing = capabilities,
) =>
  Effect.forEach(
    Conformance.cases(
      { id: "numbers", claims: [held], errata: [], experiments: [], ...changed },
      effort,
    ),
    ({ check }) =>
      check.pipe(
        Effect.as("fine"),
        Effect.catchTag("NonConforming", ({ message }) => Effect.succeed(message)),
        Effect.provide(computing),
      ),
  )
