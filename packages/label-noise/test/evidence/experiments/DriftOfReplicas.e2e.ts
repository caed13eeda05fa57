/** The replicas of the drift use all threads, and give the same bits as on one. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { type Compute, runExperiment } from "@nonconvex/runner"
import * as Inline from "@nonconvex/runner/Inline"
import * as Threads from "@nonconvex/runner/node/Threads"
import { Effect, Layer } from "effect"
import { system } from "../../../src/evidence/system.ts"

const experiment = system.experiments.find(({ id }) => id === "label-noise/drift-of-replicas")!

/** 80 blocks as in the fast preset and 4 with half of the noise, each of two pairs. */
const configured = experiment.configure(
  Object.assign({}, experiment.preset("fast"), { steps: 200, pairs: 2 }),
)

const on = (compute: Layer.Layer<Compute>) =>
  runExperiment(system, configured, { seed: 3 }).pipe(
    Effect.map(({ rows }) => rows),
    Effect.provide(compute),
  )

const here = Inline.layer.pipe(
  Layer.provide(Layer.merge(Kernels.layerStrict, Datasets.layer)),
  Layer.provide(NodeServices.layer),
)

describe("4,000 replicas", () => {
  it.live(
    "give the same bits on one thread, on several, and here",
    () =>
      Effect.gen(function* () {
        const one = yield* on(Threads.layer(1, { kernels: "strict" }))
        assert.strictEqual(one.length, 84)
        assert.deepStrictEqual(yield* on(Threads.layer(4, { kernels: "strict" })), one)
        assert.deepStrictEqual(yield* on(here), one)
      }),
    60_000,
  )

  it("are blocks that threads take in turn", () => {
    assert.strictEqual(configured.count, 84)
  })
})
