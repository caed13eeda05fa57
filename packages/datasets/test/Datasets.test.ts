import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { createHash } from "node:crypto"
import { globSync, readFileSync, statSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Dataset from "../src/Dataset.ts"
import { Datasets } from "../src/Datasets.ts"
import { filesInMemory } from "./support/Files.ts"

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
    sums[label]! += sum(Dataset.row(dataset, i))
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
      assert.strictEqual(Dataset.row(train, 7)[14 * 28 + 14], 229)
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
      assert.strictEqual(Dataset.row(test, 7)[14 * 28 + 14], 97)
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
            Dataset.isClassification(part) ? part.target.classes : [],
            description.classes,
          )
          assert.strictEqual(
            Dataset.isClassification(part) ? "classification" : "regression",
            description.task,
          )
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

  shipped.effect("says which names there are", () =>
    Effect.gen(function* () {
      const { find } = yield* Datasets
      for (const name of ["mnist", "toString", ""]) {
        const error = yield* Effect.flip(find(name))
        assert.strictEqual(
          error.message,
          `no data set "${name}" ships; choose one of fashion-mnist, fashion-mnist-0-2, digits, ` +
            "breast-cancer, diabetes",
        )
      }
    }),
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
