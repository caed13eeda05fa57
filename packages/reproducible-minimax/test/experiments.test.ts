import { assert, describe, it } from "@effect/vitest"
import { type Experiment, Expectation } from "@nonconvex/evidence"
import { Seed } from "@nonconvex/numerics"
import { Effect, FileSystem, Layer, Path, Schema, Stream } from "effect"
import { experiments } from "../src/experiments.ts"

const files = Layer.mergeAll(FileSystem.layerNoop({}), Path.layer)

const run = (experiment: Experiment, preset: "smoke" | "fast") =>
  experiment.open((definition) => {
    const config = definition.presets[preset]
    return Stream.runCollect(definition.run(config, Seed.root(1))).pipe(
      Effect.map((rows) => ({
        rows: rows.length,
        announced: definition.rows?.(config),
        text: Schema.encodeSync(Schema.fromJsonString(Schema.Array(definition.row)))(rows),
        expectations: definition.expectations(rows, config),
        figures: definition.figures(rows, config).length,
      })),
      Effect.provide(files),
    )
  })

describe("experiments", () => {
  for (const experiment of experiments) {
    it.effect(`${experiment.id}: the smoke run repeats bit for bit, and shows what it should`, () =>
      Effect.gen(function* () {
        const first = yield* run(experiment, "smoke")
        const second = yield* run(experiment, "smoke")
        assert.strictEqual(first.text, second.text)
        assert.strictEqual(first.rows, first.announced)
        assert.isAtLeast(first.figures, 1)
        assert.isAtLeast(first.expectations.length, 3)
        const failed: ReadonlyArray<Expectation.Expectation> = first.expectations.filter(
          ({ holds }) => !holds,
        )
        assert.deepStrictEqual(failed, [])
      }),
    )
  }
})
