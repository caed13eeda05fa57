/** The example app, at a size for a test. */
import { assert, describe, it } from "@effect/vitest"
import { NodeServices } from "@effect/platform-node"
import { Datasets } from "@nonconvex/datasets"
import * as tf from "@tensorflow/tfjs"
import { Effect, Layer } from "effect"
import { compare, imagesOf, type Row } from "../examples/Compare.ts"
import { backend, useBackend } from "./support/Backend.ts"
import { leaked } from "./support/Models.ts"

useBackend()

describe("the example", () => {
  // the convolutions of the cpu backend take minutes
  it.skipIf(backend === "cpu")(
    "trains three ways and measures each, leaving nothing",
    async () => {
      const { test, train } = await Effect.runPromise(
        Effect.gen(function* () {
          const datasets = yield* Datasets
          return yield* datasets.load("fashion-mnist")
        }).pipe(Effect.provide(Layer.provide(Datasets.layer, NodeServices.layer))),
      )
      const seen: Array<string> = []
      let rows: ReadonlyArray<Row> = []
      const lost = await leaked(async () => {
        const [some, others] = [imagesOf(train, 96), imagesOf(test, 200)]
        const options = { train: some, test: others, epochs: 3, batchSize: 32, probe: 8 }
        rows = await compare(options, ({ method }) => seen.push(method))
        tf.dispose([some.inputs, some.targets, others.inputs, others.targets])
      })
      assert.strictEqual(lost, 0)
      assert.deepStrictEqual(seen, ["Adam", "SAM over Adam", "SGD with catapults"])
      for (const { method, testAccuracy, topEigenvalue, trace } of rows) {
        assert.isAbove(testAccuracy, 0.2, method)
        assert.isAbove(topEigenvalue, 0, method)
        assert.isTrue(Number.isFinite(trace), method)
      }
    },
    120_000,
  )
})
