/** Results of studies as bytes. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as StoredResult from "../../src/evidence/study/StoredResult.ts"
import * as Provenance from "../support/Provenance.ts"

const provenance: StoredResult.Provenance = {
  format: 1,
  study: "dice",
  sweep: {
    experiment: "toy/dice",
    preset: "smoke",
    set: {},
    vary: { seed: [7, 8] },
    seeds: "1..2",
    sampler: "grid",
    samplerSeed: 1,
    goal: "least",
  },
  ...Provenance.ofStudy,
  settings: ["seed"],
  columns: ["seed", "trial", "mean"],
}

const trials = [1, 2].map((seed) => ({
  settings: { seed: 6 + seed },
  seed,
  rows: [
    { seed: 40 + seed, trial: 9, mean: 0.1 },
    { seed: 50 + seed, trial: 9, mean: 0.2 },
  ],
}))

describe("a stored result", () => {
  it.effect("tells the seed of a trial from a setting and a column of that name", () =>
    Effect.gen(function* () {
      const stored = { provenance, trials }
      assert.deepStrictEqual(StoredResult.flat(stored)[3], {
        trial: 1,
        seed: 2,
        "setting.seed": 8,
        "row.seed": 52,
        "row.trial": 9,
        mean: 0.2,
      })
      const bytes = yield* Effect.promise(() => StoredResult.encode(stored))
      assert.deepStrictEqual(yield* StoredResult.decode("result.parquet", bytes), stored)
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
