import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Cifar10 from "../src/Cifar10.ts"
import { Datasets } from "../src/Datasets.ts"
import { filesInMemory } from "./support/Files.ts"

/** A record whose red is its label, whose green is its place in the file, and whose blue counts pixels. */
const record = (label: number, place: number): ReadonlyArray<number> => [
  label,
  ...Array.from({ length: 1024 }, () => label),
  ...Array.from({ length: 1024 }, () => place),
  ...Array.from({ length: 1024 }, (_, pixel) => pixel % 256),
]

const file = (...labels: ReadonlyArray<number>) => Uint8Array.from(labels.flatMap(record))

const files = (folder: string) => ({
  [`${folder}/data_batch_1.bin`]: file(3, 0),
  [`${folder}/data_batch_2.bin`]: file(3),
  [`${folder}/data_batch_3.bin`]: file(9, 3, 3),
  [`${folder}/data_batch_4.bin`]: file(1),
  [`${folder}/data_batch_5.bin`]: file(0),
  [`${folder}/test_batch.bin`]: file(2, 3),
})

const failing = (changed: Record<string, Uint8Array>) =>
  Effect.flip(Cifar10.readFolder("/c")).pipe(
    Effect.map(({ message }) => message),
    Effect.provide(filesInMemory({ ...files("/c"), ...changed })),
  )

describe("Cifar10.readFolder", () => {
  it.effect("reads the batches in their order, the colours of a pixel together", () =>
    Effect.gen(function* () {
      const { test, train } = yield* Cifar10.readFolder("/c")
      assert.deepStrictEqual(train.target.labels, Int32Array.of(3, 0, 3, 9, 3, 3, 1, 0))
      assert.deepStrictEqual(test.target.labels, Int32Array.of(2, 3))
      assert.strictEqual(train.dimension, 3072)
      assert.deepStrictEqual(train.features.subarray(3072, 3078), Float64Array.of(0, 1, 0, 0, 1, 1))
      assert.deepStrictEqual(train.featureNames.slice(96, 99), [
        "pixel-1-0-0",
        "pixel-1-0-1",
        "pixel-1-0-2",
      ])
      assert.strictEqual(train.target.classes[9], "truck")
    }).pipe(Effect.provide(filesInMemory(files("/c")))),
  )

  it.effect("selects the first of each class over all batches", () =>
    Effect.gen(function* () {
      const { test, train } = yield* Cifar10.readFolder("/c", { trainPerClass: 2, testPerClass: 0 })
      assert.deepStrictEqual(train.target.labels, Int32Array.of(3, 0, 3, 9, 1, 0))
      assert.strictEqual(test.samples, 0)
    }).pipe(Effect.provide(filesInMemory(files("/c")))),
  )

  it.effect("says in a line what is wrong with a file", () =>
    Effect.gen(function* () {
      const path = "/c/data_batch_4.bin"
      const short = yield* failing({ [path]: file(1).subarray(1) })
      assert.strictEqual(
        short,
        `${path}: 3072 bytes are not between 1 and 10000 records of 3073 bytes; fetch the binary version of CIFAR-10 again`,
      )
      assert.match(
        yield* failing({ [path]: new Uint8Array(0) }),
        /: 0 bytes are not between 1 and 10000/,
      )
      const long = new Uint8Array(10_001 * 3073)
      assert.match(yield* failing({ [path]: long }), /: 30733073 bytes are not between 1 and 10000/)
      const strange = file(1, 4)
      strange[3073] = 10
      assert.match(
        yield* failing({ [path]: strange }),
        /data_batch_4\.bin: label 1 is 10, expected 0/,
      )
    }),
  )
})

describe("Datasets.layerFolder of CIFAR-10", () => {
  const served = Datasets.layerFolder("/c").pipe(Layer.provide(filesInMemory(files("/c"))))

  it.effect("serves it beside the sets that ship", () =>
    Effect.gen(function* () {
      const { find, list, load } = yield* Datasets
      assert.strictEqual((yield* load("cifar-10")).train.samples, 8)
      assert.strictEqual((yield* find("cifar-10", { trainPerClass: 1 })).train.samples, 4)
      assert.deepStrictEqual(list.map(({ name, trainSamples }) => [name, trainSamples]).slice(-2), [
        ["diabetes", 354],
        ["cifar-10", 50_000],
      ])
    }).pipe(Effect.provide(served)),
  )

  it.effect("says that it does not ship", () =>
    Effect.gen(function* () {
      const { find, list } = yield* Datasets
      const { message } = yield* Effect.flip(find("cifar-10"))
      assert.match(message, /^cifar-10 is not bundled; name the folder of the six files/)
      assert.notInclude(
        list.map(({ name }) => name),
        "cifar-10",
      )
    }).pipe(Effect.provide(Datasets.layer.pipe(Layer.provide(filesInMemory({}))))),
  )
})
