/** Results of the fast presets; slower ones are left to `nonconvex reproduce`. */
import { assert, describe, it } from "@effect/vitest"
import { runExperiment } from "@nonconvex/runner"
import * as Inline from "@nonconvex/runner/Inline"
import { Effect, Layer } from "effect"
import { experiments } from "../../src/evidence/experiments/index.ts"
import { capabilities } from "../support/capabilities.ts"
import { system } from "../../src/evidence/system.ts"

const long = ["clusters", "drift-of-replicas", "real-data", "transient"].map(
  (name) => `label-noise/${name}`,
)

const here = Inline.layer.pipe(Layer.provide(capabilities))

describe("the fast preset", () => {
  for (const experiment of experiments.filter(({ id }) => !long.includes(id))) {
    it.effect(
      `of ${experiment.id} shows what it should`,
      () =>
        Effect.gen(function* () {
          const configured = experiment.configure(experiment.preset("fast"))
          const { expectations } = yield* runExperiment(system, configured, { seed: 1 })
          assert.isAtLeast(expectations.length, 2)
          assert.deepStrictEqual(
            expectations.filter(({ holds }) => !holds),
            [],
          )
        }).pipe(Effect.provide(here)),
      60_000,
    )
  }
})
