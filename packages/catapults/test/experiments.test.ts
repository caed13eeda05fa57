import { NodeServices } from "@effect/platform-node"
import { Seed } from "@nonconvex/numerics"
import { Effect, Stream } from "effect"
import { assert, describe, it } from "vitest"
import { experiments } from "../src/experiments.ts"

describe.for(experiments)("$id", (experiment) => {
  it("shows what it should, with its smallest preset", async () => {
    const expectations = await experiment.open(
      async ({ expectations: expected, figures, presets, rows: count, run }) => {
        const config = presets.smoke
        // An experiment may read files, such as data sets, and needs nothing else of the world.
        const rows = await Stream.runCollect(run(config, Seed.root(1))).pipe(
          Effect.provide(NodeServices.layer),
          Effect.runPromise,
        )
        if (count !== undefined) assert.strictEqual(rows.length, count(config))
        assert.isAbove(figures(rows, config).length, 0)
        return expected(rows, config)
      },
    )
    assert.isAbove(expectations.length, 0)
    assert.deepStrictEqual(
      expectations.filter(({ holds }) => !holds),
      [],
    )
  })
})
