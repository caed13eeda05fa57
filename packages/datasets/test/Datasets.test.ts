import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { createHash } from "node:crypto"
import { globSync, readFileSync, statSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Dataset from "../src/Dataset.ts"
import * as Digest from "../src/internal/Digest.ts"
import { Datasets } from "../src/Datasets.ts"
import * as Idx from "../src/Idx.ts"
import * as Split from "../src/Split.ts"
import { filesInMemory } from "./support/Files.ts"
import * as FirstPerClass from "../src/internal/FirstPerClass.ts"

const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}

const column = ({ features, dimension }: Dataset.Dataset, j: number): ReadonlyArray<number> =>
  Array.from(features).filter((_, k) => k % dimension === j)

const digest = (features: Float64Array): string =>
  createHash("sha256").update(Uint8Array.from(features)).digest("hex").slice(0, 16)

/** The sum of all pixels of each class, in the order of the classes. */
const sumsByClass = (dataset: Dataset.Dataset<Dataset.Classification>): ReadonlyArray<number> => {
  const sums = dataset.target.classes.map(() => 0)
  dataset.target.labels.forEach((label, i) => {
    sums[label]! += sum(
      dataset.features.subarray(i * dataset.dimension, (i + 1) * dataset.dimension),
    )
  })
  return sums
}

layer(Datasets.layer.pipe(Layer.provide(NodeServices.layer)))("Datasets", (shipped) => {
  // Every number below was counted with Python on the files of the sources, not by this package.

  shipped.effect("fashion-mnist: the first 100 + 100 of each class", () =>
    Effect.gen(function* () {
      const { load } = yield* Datasets
      const { train, test } = yield* load("fashion-mnist")
      assert.deepStrictEqual([train.samples, test.samples, train.dimension], [1000, 1000, 784])
      assert.deepStrictEqual(Dataset.classCounts(train), new Int32Array(10).fill(100))
      assert.deepStrictEqual(Dataset.classCounts(test), new Int32Array(10).fill(100))
      assert.deepStrictEqual(
        Array.from(train.target.labels.subarray(0, 10)),
        [9, 0, 0, 3, 0, 2, 7, 2, 5, 5],
      )
      assert.deepStrictEqual(
        Array.from(test.target.labels.subarray(0, 10)),
        [9, 2, 1, 1, 6, 1, 4, 6, 5, 7],
      )
      assert.deepStrictEqual(
        sumsByClass(train),
        [6577930, 4494589, 7908217, 5439582, 7721246, 2640035, 6567442, 3390083, 6778271, 5924060],
      )
      assert.deepStrictEqual(
        sumsByClass(test),
        [6434561, 4348175, 7433915, 5283785, 8035762, 2728099, 6545573, 3455314, 6833794, 5875003],
      )
      assert.strictEqual(digest(train.features), "9b8fbc35f8a91735")
      assert.strictEqual(digest(test.features), "3d7f6d64869a3f2d")
      assert.strictEqual(train.features[7 * train.dimension + 14 * 28 + 14], 229)
      assert.strictEqual(train.featureNames[14 * 28 + 13], "pixel-14-13")
    }),
  )

  shipped.effect("fashion-mnist-0-2: the first 500 + 1000 of both classes", () =>
    Effect.gen(function* () {
      const { load } = yield* Datasets
      const { train, test } = yield* load("fashion-mnist-0-2")
      assert.deepStrictEqual([train.samples, test.samples, train.dimension], [1000, 2000, 784])
      assert.deepStrictEqual(train.target.classes, ["T-shirt/top", "Pullover"])
      assert.deepStrictEqual(Dataset.classCounts(train), Int32Array.of(500, 500))
      assert.deepStrictEqual(Dataset.classCounts(test), Int32Array.of(1000, 1000))
      assert.deepStrictEqual(
        Array.from(train.target.labels.subarray(0, 10)),
        [0, 0, 0, 1, 1, 0, 0, 0, 1, 0],
      )
      assert.deepStrictEqual(sumsByClass(train), [32535396, 37483094])
      assert.deepStrictEqual(sumsByClass(test), [65560947, 74756497])
      assert.strictEqual(digest(train.features), "7c22806a274b0e79")
      assert.strictEqual(digest(test.features), "e2699ac4cb811a2f")
      assert.strictEqual(test.features[7 * test.dimension + 14 * 28 + 14], 97)
    }),
  )

  shipped.effect("digits: 1797 images, a fifth for testing in every class", () =>
    Effect.gen(function* () {
      const { load } = yield* Datasets
      const { train, test } = yield* load("digits")
      assert.deepStrictEqual([train.samples, test.samples, train.dimension], [1438, 359, 64])
      assert.strictEqual(sum(train.features) + sum(test.features), 561718)
      const testCounts = Dataset.classCounts(test)
      assert.deepStrictEqual(
        Array.from(Dataset.classCounts(train), (count, c) => count + testCounts[c]!),
        [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
      )
      testCounts.forEach((count) => assert.oneOf(count, [34, 35, 36, 37]))
    }),
  )

  shipped.effect("breast-cancer: 569 tumours, 212 of them malignant", () =>
    Effect.gen(function* () {
      const { load } = yield* Datasets
      const { train, test } = yield* load("breast-cancer")
      assert.deepStrictEqual([train.samples, test.samples, train.dimension], [455, 114, 30])
      assert.deepStrictEqual(train.target.classes, ["benign", "malignant"])
      assert.deepStrictEqual(Dataset.classCounts(train), Int32Array.of(285, 170))
      assert.deepStrictEqual(Dataset.classCounts(test), Int32Array.of(72, 42))
      assert.strictEqual(train.featureNames[0], "mean radius")
      assert.strictEqual(train.featureNames[29], "worst fractal dimension")
      const mean = (j: number) => (sum(column(train, j)) + sum(column(test, j))) / 569
      assert.closeTo(mean(0), 14.127291739894552, 1e-12)
      assert.closeTo(mean(29), 0.08394581722319859, 1e-15)
    }),
  )

  shipped.effect("diabetes: 442 patients", () =>
    Effect.gen(function* () {
      const { load } = yield* Datasets
      const { train, test } = yield* load("diabetes")
      assert.deepStrictEqual([train.samples, test.samples, train.dimension], [354, 88, 10])
      assert.strictEqual(sum(train.target.values) + sum(test.target.values), 67243)
      const sums = [
        21445, 649, 11658.1, 41833.98, 83600, 51024.1, 22006.5, 1799.05, 2051.5036, 40337,
      ]
      sums.forEach((expected, j) =>
        assert.closeTo(sum(column(train, j)) + sum(column(test, j)), expected, 1e-9),
      )
      assert.strictEqual(train.featureNames.join(" "), "age sex bmi bp s1 s2 s3 s4 s5 s6")
    }),
  )

  shipped.effect("lists what it loads", () =>
    Effect.gen(function* () {
      const { list, find } = yield* Datasets
      assert.deepStrictEqual(
        list.map(({ name }) => name),
        ["fashion-mnist", "fashion-mnist-0-2", "digits", "breast-cancer", "diabetes"],
      )
      for (const description of list) {
        const { train, test } = yield* find(description.name)
        for (const part of [train, test]) {
          yield* Dataset.make(part)
          assert.strictEqual(part.name, description.name)
          assert.strictEqual(part.dimension, description.dimension)
          assert.deepStrictEqual(part.provenance, description.provenance)
          assert.deepStrictEqual(
            part.target._tag === "Classification" ? part.target.classes : [],
            description.classes,
          )
          assert.strictEqual(part.target._tag.toLowerCase(), description.task)
          const [low, high] = description.range ?? [
            Number.NEGATIVE_INFINITY,
            Number.POSITIVE_INFINITY,
          ]
          assert.isTrue(part.features.every((value) => low <= value && value <= high))
        }
        assert.strictEqual(train.samples, description.trainSamples)
        assert.strictEqual(test.samples, description.testSamples)
      }
    }),
  )

  shipped.effect("is in the table of the README as it is", () =>
    Effect.gen(function* () {
      const { list } = yield* Datasets
      const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
      const table = readme
        .split("\n")
        .filter((line) => line.startsWith("| `"))
        .map((line) => line.split("|").map((cell) => cell.trim()))
      const count = (n: number) => n.toLocaleString("en")
      assert.deepStrictEqual(
        table.map(([, name, rows, features, target]) => ({ name, rows, features, target })),
        list.map(({ name, trainSamples, testSamples, dimension, range, classes }) => ({
          name: `\`${name}\``,
          rows: `${count(trainSamples)} + ${count(testSamples)}`,
          features: range === undefined ? `${dimension}` : `${dimension}, ${range.join(" to ")}`,
          target: classes.length === 0 ? "real" : `${classes.length} classes`,
        })),
      )
    }),
  )

  shipped.effect("loads the first of each class, or of all rows of a regression", () =>
    Effect.gen(function* () {
      const { load } = yield* Datasets
      const all = yield* load("digits")
      const some = yield* load("digits", { trainPerClass: 3, testPerClass: 1000 })
      assert.deepStrictEqual(Dataset.classCounts(some.train), new Int32Array(10).fill(3))
      assert.deepStrictEqual(some.train, FirstPerClass.firstPerClass(all.train, 3))
      assert.deepStrictEqual(some.test, all.test)
      const few = yield* load("diabetes", { trainPerClass: 5 })
      assert.strictEqual(few.train.samples, 5)
      const wear = yield* load("fashion-mnist", { trainPerClass: 2 })
      const worn = yield* load("fashion-mnist")
      assert.deepStrictEqual(wear.train, FirstPerClass.firstPerClass(worn.train, 2))
    }),
  )

  shipped.effect("tells sets apart by their digests, and not by their names", () =>
    Effect.gen(function* () {
      const { load } = yield* Datasets
      const { test, train } = yield* load("breast-cancer")
      const known = yield* Digest.of(train)
      assert.match(known, /^[0-9a-f]{64}$/)
      assert.strictEqual(yield* Digest.of({ ...train, name: "other" }), known)
      const moved = train.features.slice()
      moved[7]! += 1e-9
      const labels = train.target.labels.toReversed()
      const others = [
        test,
        { ...train, features: moved },
        { ...train, target: { ...train.target, labels } },
        { ...train, target: { ...train.target, classes: ["a", "b"] } },
        { ...train, featureNames: train.featureNames.toReversed() },
      ]
      const digests = yield* Effect.forEach(others, (other) => Digest.of(other))
      assert.strictEqual(new Set([known, ...digests]).size, others.length + 1)
      assert.notStrictEqual(
        yield* Split.digest({ train, test }),
        yield* Split.digest({ train: test, test: train }),
      )
    }),
  )

  shipped.effect("has the digest that other programs compute", () =>
    Effect.gen(function* () {
      const { load } = yield* Datasets
      const { train } = yield* load("diabetes")
      const hash = (bytes: string | ArrayBufferView) =>
        createHash("sha256")
          .update(bytes as Uint8Array)
          .digest("hex")
      const { dimension, featureNames, features, samples, target } = train
      const parts = [hash(features), hash(target.values)]
      assert.strictEqual(
        yield* Digest.of(train),
        hash(JSON.stringify([samples, dimension, featureNames, "Regression", ...parts])),
      )
    }),
  )

  shipped.effect("says which names there are", () =>
    Effect.gen(function* () {
      const { find } = yield* Datasets
      for (const name of ["mnist", "toString", ""]) {
        const error = yield* Effect.flip(find(name))
        assert.strictEqual(
          error.message,
          `no bundled data set is named "${name}"; choose one of fashion-mnist, fashion-mnist-0-2, digits, ` +
            "breast-cancer, diabetes",
        )
      }
    }),
  )
})

const fashion = (images: ReadonlyArray<number>) => ({
  images: Idx.encode({
    sizes: [images.length, 1, 2],
    data: Uint8Array.from(images.flatMap((label, i) => [i, label])),
  }),
  labels: Idx.encode({ sizes: [images.length], data: Uint8Array.from(images) }),
})

const [train, test] = [fashion([3, 0, 2, 2, 0, 9, 0, 2]), fashion([2, 1, 0])]

const folder = filesInMemory({
  "/mine/train-images-idx3-ubyte": train.images,
  "/mine/train-labels-idx1-ubyte": train.labels,
  "/mine/t10k-images-idx3-ubyte": test.images,
  "/mine/t10k-labels-idx1-ubyte": test.labels,
})

describe("Datasets.layerFolder", () => {
  it.effect("serves all of Fashion-MNIST from the folder, or as much as is wanted", () =>
    Effect.gen(function* () {
      const { find, load } = yield* Datasets
      const all = yield* load("fashion-mnist")
      assert.deepStrictEqual([all.train.samples, all.test.samples], [8, 3])
      assert.strictEqual(all.train.name, "fashion-mnist")
      const pair = yield* load("fashion-mnist-0-2", { trainPerClass: 2 })
      assert.deepStrictEqual(pair.train.target.classes, ["T-shirt/top", "Pullover"])
      assert.deepStrictEqual(pair.train.features, Float64Array.of(1, 0, 2, 2, 3, 2, 4, 0))
      assert.deepStrictEqual(pair.test.target.labels, Int32Array.of(1, 0))
      const found = yield* find("fashion-mnist", { testPerClass: 0 })
      assert.deepStrictEqual([found.train.samples, found.test.samples], [8, 0])
    }).pipe(Effect.provide(Datasets.layerFolder("/mine").pipe(Layer.provide(folder)))),
  )

  it.effect("says what the folder lacks, and reads the other sets from where they ship", () =>
    Effect.gen(function* () {
      const { list, load } = yield* Datasets
      const lacking = yield* Effect.flip(load("fashion-mnist"))
      assert.match(lacking.message, /^\/nowhere: no train-images-idx3-ubyte nor/)
      assert.strictEqual((yield* load("diabetes")).train.samples, 354)
      assert.deepStrictEqual(
        list.map(({ name, trainSamples }) => [name, trainSamples]),
        [
          ["fashion-mnist", 60_000],
          ["fashion-mnist-0-2", 12_000],
          ["digits", 1438],
          ["breast-cancer", 455],
          ["diabetes", 354],
        ],
      )
    }).pipe(
      Effect.provide(Datasets.layerFolder("/nowhere").pipe(Layer.provide(NodeServices.layer))),
    ),
  )
})

describe("Datasets", () => {
  it.effect("reads through the file system it is given", () =>
    Effect.gen(function* () {
      const { find } = yield* Datasets
      const error = yield* Effect.flip(find("diabetes"))
      assert.strictEqual(error._tag, "MissingFile")
      assert.match(error.message, /packages\/datasets\/data\/scikit-learn\/diabetes\.csv: no such/)
    }).pipe(Effect.provide(Datasets.layer.pipe(Layer.provide(filesInMemory({}))))),
  )

  it("ships less than 3 MB", () => {
    const data = fileURLToPath(new URL("../data", import.meta.url))
    const files = globSync("**/*", { cwd: data, withFileTypes: true }).filter((f) => f.isFile())
    const bytes = sum(files.map(({ parentPath, name }) => statSync(`${parentPath}/${name}`).size))
    assert.isBelow(bytes, 3_000_000)
    assert.isAbove(bytes, 2_000_000)
  })
})
