import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Effect, Layer } from "effect"
import { fashionPair } from "../../../src/evidence/support/FashionPair.ts"

const shipped = Datasets.layer.pipe(Layer.provide(NodeServices.layer))

/** What ships, with every image black but for one pixel that says its class. */
const marked = Layer.effect(
  Datasets,
  Effect.map(Datasets, (datasets) => {
    const load: typeof datasets.load = (name, selection) =>
      Effect.map(datasets.load(name, selection), ({ test, train }) => {
        const [first, second] = [train, test].map((data) => ({
          ...data,
          features: data.features.map((_, at) => (at % data.dimension === 0 ? 255 : 0)),
        }))
        return { train: first!, test: second! }
      })
    return { ...datasets, load }
  }),
).pipe(Layer.provide(shipped))

describe("fashionPair", () => {
  it.effect("alternates the classes, and gives each image mean 0 and norm sqrt(d)", () =>
    Effect.gen(function* () {
      const { inputs, test, train } = yield* fashionPair({ train: 10, test: 6 })
      assert.strictEqual(inputs, 784)
      assert.deepStrictEqual([...train.labels], [-1, 1, -1, 1, -1, 1, -1, 1, -1, 1])
      assert.strictEqual(test.labels.length, 6)
      const image = train.features.subarray(784, 1568)
      assert.closeTo(
        image.reduce((sum, x) => sum + x, 0),
        0,
        1e-9,
      )
      assert.closeTo(
        image.reduce((sum, x) => sum + x * x, 0),
        784,
        1e-9,
      )
    }).pipe(Effect.provide(shipped)),
  )

  it.effect("takes its images from the data sets of the program, and from nowhere else", () =>
    Effect.gen(function* () {
      const { test, train } = yield* fashionPair({ train: 4, test: 2 })
      for (const { features } of [train, test]) {
        assert.strictEqual(new Set(features).size, 2)
        assert.isAbove(features[0]!, 27)
      }
    }).pipe(Effect.provide(marked)),
  )
})
