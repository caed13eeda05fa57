import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Kernels, Seed } from "@nonconvex/numerics"
import { Effect, Layer } from "effect"
import { imageTask } from "../../../src/evidence/support/ImageTask.ts"

const shipped = Datasets.layer.pipe(Layer.provide(NodeServices.layer))

const sizes = { samples: 20, referenceSamples: 120, testSamples: 60 }

const rowsOf = ({ features, labels }: { features: Float64Array; labels: Float64Array }) => {
  const inputs = features.length / labels.length
  return Array.from(labels, (_, i) => features.subarray(i * inputs, (i + 1) * inputs).join(" "))
}

describe("imageTask", () => {
  it.effect("draws other images for another seed, as many of each class, of the reference", () =>
    Effect.gen(function* () {
      const of = (seed: number) =>
        imageTask({ ...sizes, training: "drawn" }, Kernels.strict(), Seed.root(seed))
      const first = yield* of(1)
      const again = yield* of(1)
      const other = yield* of(2)
      const whole = yield* imageTask({ ...sizes, samples: 120 }, Kernels.strict(), Seed.root(1))
      assert.deepStrictEqual(rowsOf(again.train), rowsOf(first.train))
      assert.notDeepEqual(rowsOf(other.train), rowsOf(first.train))
      for (const { train } of [first, other]) {
        assert.strictEqual(
          train.labels.reduce((sum, y) => sum + y, 0),
          0,
        )
        const rows = rowsOf(train)
        assert.strictEqual(new Set(rows).size, 20)
        assert.isTrue(rows.every((row) => rowsOf(whole.train).includes(row)))
      }
      assert.isAtMost(first.agreement!, 1)
      assert.isUndefined(whole.agreement)
    }).pipe(Effect.provide(shipped)),
  )

  it.effect(
    "takes images for validation behind those of the reference, and tests on the rest",
    () =>
      Effect.gen(function* () {
        const task = yield* imageTask(
          { ...sizes, tuningSamples: 30 },
          Kernels.strict(),
          Seed.root(1),
        )
        assert.strictEqual(task.tuning.labels.length, 30)
        assert.strictEqual(task.test.labels.length, 60)
        const tested = new Set(rowsOf(task.test))
        assert.isFalse(rowsOf(task.tuning).some((row) => tested.has(row)))
      }).pipe(Effect.provide(shipped)),
  )

  it.effect("refuses more images for validation than the reference leaves", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.exit(
        imageTask(
          { ...sizes, referenceSamples: 990, tuningSamples: 30 },
          Kernels.strict(),
          Seed.root(1),
        ),
      )
      assert.include(String(refused), "enough training images")
    }).pipe(Effect.provide(shipped)),
  )

  it.effect("has thirty components of variance 1 before each image is scaled", () =>
    Effect.gen(function* () {
      const components = { ...sizes, samples: 120, pixels: "components" } as const
      const { inputs, train } = yield* imageTask(components, Kernels.strict(), Seed.root(1))
      assert.strictEqual(inputs, 30)
      const norms = rowsOf(train).map((row) =>
        row.split(" ").reduce((sum, x) => sum + Number(x) ** 2, 0),
      )
      norms.forEach((norm) => assert.closeTo(norm, 30, 1e-9))
    }).pipe(Effect.provide(shipped)),
  )
})
