/** The replicas of the drift use as many threads as there are, and give the same bits on one. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { runExperiment, Workers } from "@nonconvex/evidence/parallel"
import { Seed } from "@nonconvex/numerics"
import { Effect, Schema, Stream } from "effect"
import { system } from "../../../src/evidence/index.ts"

const experiment = system.experiments.find(({ id }) => id === "label-noise/drift-of-replicas")!

/** 80 blocks as in the fast preset, of two pairs. */
const config = experiment.open(({ config: codec, presets }) => ({
  ...(Schema.encodeSync(codec)(presets.fast) as { readonly [field: string]: number }),
  steps: 200,
  pairs: 2,
}))

const onThreads = (threads: number) =>
  runExperiment(system, experiment, { config, seed: 3, onRow: () => undefined }).pipe(
    Effect.map(({ rows }) => rows),
    Effect.provide(Workers.layer(threads)),
  )

const here = experiment.open(({ config: codec, id, run }) =>
  Stream.runCollect(run(Schema.decodeUnknownSync(codec)(config), Seed.root(3).child(id))).pipe(
    Effect.map((rows) => rows.map((row) => ({ ...row }))),
    Effect.provide(NodeServices.layer),
  ),
)

describe("4,000 replicas", () => {
  it.live(
    "give the same bits on one thread, on several, and here",
    () =>
      Effect.gen(function* () {
        const one = yield* onThreads(1)
        assert.strictEqual(one.length, 80)
        assert.deepStrictEqual(yield* onThreads(4), one)
        assert.deepStrictEqual(yield* here, one)
      }),
    60_000,
  )

  it("are parts that threads take in turn", () => {
    const sizes = experiment.open(({ parts, presets }) =>
      parts!(presets.fast).map((part) => (part as { readonly blocks?: number }).blocks),
    )
    assert.deepStrictEqual(sizes, [10, 10, 10, 10, 10, 10, 10, 10])
  })
})
