/** What the fast presets show; those that take longer are left to `nonconvex reproduce`. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Seed } from "@nonconvex/numerics"
import { Effect, Stream } from "effect"
import { experiments } from "../../src/evidence/index.ts"

const long = ["clusters", "drift-of-replicas", "real-data", "transient"].map(
  (name) => `label-noise/${name}`,
)

describe("the fast preset", () => {
  for (const experiment of experiments.filter(({ id }) => !long.includes(id))) {
    it.effect(
      `of ${experiment.id} shows what it should`,
      () =>
        experiment.open(({ expectations, presets, run }) =>
          Effect.gen(function* () {
            const rows = yield* Stream.runCollect(run(presets.fast, Seed.root(1)))
            const found = expectations(rows, presets.fast)
            assert.isAtLeast(found.length, 3)
            assert.deepStrictEqual(
              found.filter(({ holds }) => !holds),
              [],
            )
          }).pipe(Effect.provide(NodeServices.layer)),
        ),
      60_000,
    )
  }
})
