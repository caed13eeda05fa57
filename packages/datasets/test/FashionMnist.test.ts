import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { gzipSync } from "node:zlib"
import * as FashionMnist from "../src/FashionMnist.ts"
import * as Idx from "../src/Idx.ts"
import { filesInMemory } from "./support/Files.ts"
import * as FashionMnistImages from "../src/internal/FashionMnistImages.ts"

/** Images of 1 x 2 pixels: image `i` is `[i, label]`. */
const imagesFor = (labels: ReadonlyArray<number>) =>
  Idx.encode({
    sizes: [labels.length, 1, 2],
    data: Uint8Array.from(labels.flatMap((label, i) => [i, label])),
  })

const labelsFile = (labels: ReadonlyArray<number>) =>
  Idx.encode({ sizes: [labels.length], data: Uint8Array.from(labels) })

const train = [3, 0, 2, 2, 0, 9, 0, 2]
const test = [2, 1, 0]

const files = (folder: string) => ({
  [`${folder}/train-images-idx3-ubyte.gz`]: gzipSync(imagesFor(train)),
  [`${folder}/train-labels-idx1-ubyte.gz`]: gzipSync(labelsFile(train)),
  [`${folder}/t10k-images-idx3-ubyte`]: imagesFor(test),
  [`${folder}/t10k-labels-idx1-ubyte`]: labelsFile(test),
})

describe("FashionMnist.readFolder", () => {
  it.effect("reads all images, compressed or plain", () =>
    Effect.gen(function* () {
      const data = yield* FashionMnistImages.readFolder("/f")
      assert.strictEqual(data.train.samples, 8)
      assert.strictEqual(data.train.dimension, 2)
      assert.deepStrictEqual(data.train.featureNames, ["pixel-0-0", "pixel-0-1"])
      assert.deepStrictEqual(data.train.target.labels, Int32Array.from(train))
      assert.deepStrictEqual(data.train.target.classes, FashionMnistImages.classNames)
      assert.deepStrictEqual(data.test.features, Float64Array.of(0, 2, 1, 1, 2, 0))
    }).pipe(Effect.provide(filesInMemory(files("/f")))),
  )

  it.effect("selects the first of each class in the order of the file", () =>
    Effect.gen(function* () {
      const data = yield* FashionMnistImages.readFolder("/f", {
        classes: [2, 0],
        trainPerClass: 2,
        name: "two",
      })
      assert.strictEqual(data.train.name, "two")
      assert.deepStrictEqual(data.train.features, Float64Array.of(1, 0, 2, 2, 3, 2, 4, 0))
      assert.deepStrictEqual(data.train.target, {
        _tag: "Classification",
        labels: Int32Array.of(1, 0, 0, 1),
        classes: ["Pullover", "T-shirt/top"],
      })
      assert.deepStrictEqual(data.test.target.labels, Int32Array.of(0, 1))
    }).pipe(Effect.provide(filesInMemory(files("/f")))),
  )

  it.effect("says which file is missing and what to do", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(FashionMnistImages.readFolder("/empty"))
      assert.strictEqual(
        error.message,
        "/empty: no train-images-idx3-ubyte nor train-images-idx3-ubyte.gz; set " +
          "NONCONVEX_FASHION_MNIST to the folder of the Fashion-MNIST files, or install Debian's " +
          "package dataset-fashion-mnist",
      )
    }).pipe(Effect.provide(filesInMemory({}))),
  )

  it.effect("says that images and labels do not belong together", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(FashionMnistImages.readFolder("/f"))
      assert.strictEqual(
        error.message,
        "/f/train-images-idx3-ubyte.gz has 8 images but /f/train-labels-idx1-ubyte.gz has 3 " +
          "labels; use two files of the same set",
      )
    }).pipe(
      Effect.provide(
        filesInMemory({ ...files("/f"), "/f/train-labels-idx1-ubyte.gz": labelsFile(test) }),
      ),
    ),
  )

  it.effect("says which label is out of range", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(FashionMnistImages.readFolder("/f"))
      assert.strictEqual(
        error.message,
        "/f/t10k-labels-idx1-ubyte: label 2 is 10, expected 0 to 9; check that the file belongs " +
          "to this set",
      )
    }).pipe(
      Effect.provide(
        filesInMemory({ ...files("/f"), "/f/t10k-labels-idx1-ubyte": labelsFile([1, 2, 10]) }),
      ),
    ),
  )
})

describe("FashionMnist.read", () => {
  it.effect("finds the folder by the environment variable", () =>
    Effect.gen(function* () {
      const data = yield* FashionMnist.read()
      assert.strictEqual(data.test.samples, 3)
    }).pipe(
      Effect.provide(filesInMemory(files("/mine"))),
      Effect.provideService(
        ConfigProvider.ConfigProvider,
        ConfigProvider.fromUnknown({ NONCONVEX_FASHION_MNIST: "/mine" }),
      ),
    ),
  )

  it.effect("else looks where Debian puts it", () =>
    Effect.gen(function* () {
      const data = yield* FashionMnist.read({ classes: [1] })
      assert.deepStrictEqual(data.test.features, Float64Array.of(1, 1))
    }).pipe(
      Effect.provide(filesInMemory(files("/usr/share/datasets/fashion-mnist"))),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown({})),
    ),
  )
})
