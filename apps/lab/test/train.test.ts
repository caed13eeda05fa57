/** Training from the command line, on shipped data and on files. */
import { assert, describe, it } from "@effect/vitest"
import * as Idx from "@nonconvex/datasets/Idx"
import { network } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import { Effect, Schema } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { SavedNetwork } from "../src/networks/SavedNetwork.ts"
import { TrainReport } from "../src/data/train/TrainReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const json = <Type, Encoded>(schema: Schema.Codec<Type, Encoded>) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(schema)))

const train = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* nonconvex([], ["train", ...args, "--quiet", "--json"])
  assert.strictEqual(code, 0, stderr)
  return yield* json(TrainReport)(stdout)
})

const refused = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* nonconvex([], ["train", ...args])
  assert.strictEqual(code, 1)
  assert.strictEqual(stdout, "")
  return stderr
})

/** Two classes that a line divides, 40 rows. */
const separable = Array.from({ length: 40 }, (_, i) => {
  const x = Math.cos(i)
  const y = Math.sin(3 * i)
  return [x, y, x + y > 0 ? "up" : "down"]
})

const csv = (rows: ReadonlyArray<ReadonlyArray<unknown>>, header = "x,y,class"): string => {
  const file = join(temporary(), "data.csv")
  writeFileSync(file, [header, ...rows.map((row) => row.join(","))].join("\n"))
  return file
}

describe("train", () => {
  it.live("learns shipped digits and reports accuracy, sharpness and advice", () =>
    Effect.gen(function* () {
      const sam = ["--method", "sam", "--radius", "0.1"]
      const args = ["train", "digits", "--epochs", "8", ...sam, "--base", "sgd"]
      const { code, progress, stdout } = yield* nonconvex([], args)
      assert.strictEqual(code, 0)
      assert.match(stdout, /^digits: 1 438 training and 359 test rows of 64 features$/m)
      assert.match(stdout, /^test {7}9\d\.\d % \(the most frequent class alone: 10\.3 %\)$/m)
      assert.match(
        stdout,
        /^sharpness {2}top eigenvalue [\d.]+ \(within .*\), trace [\d.]+ \(exact\)$/m,
      )
      assert.match(
        stdout,
        /^advice {5}the learning rate 0\.1 is stable.* SAM settles .* at radius 0\.1, and USAM is stable/m,
      )
      // it has seen no held-out row with another
      assert.notMatch(stdout, /a radius of/)
      assert.match(progress, /^train \[#{20}\] 8\/8 epochs.*best loss [\d.]+, test 9\d\.\d %$/m)
    }),
  )

  it.live("depends on the seed alone", () =>
    Effect.gen(function* () {
      const parameters = Effect.fnUntraced(function* (seed: string) {
        const file = join(temporary(), "net.json")
        const { seconds: _, ...report } = yield* train(
          "breast-cancer",
          "--epochs",
          "2",
          "--seed",
          seed,
          "--save",
          file,
        )
        return [report, readFileSync(file, "utf8")]
      })
      const one = yield* parameters("1")
      assert.deepStrictEqual(yield* parameters("1"), one)
      assert.notDeepEqual(yield* parameters("2"), one)
    }),
  )

  it.live(
    "computes on the kernels that were asked for, with the same bits where they promise them",
    () =>
      Effect.gen(function* () {
        const args = ["breast-cancer", "--epochs", "2", "--activation", "tanh"]
        const strict = yield* train(...args)
        const reference = yield* train(...args, "--kernels", "reference")
        assert.deepStrictEqual([strict.kernels, reference.kernels], ["strict", "reference"])
        const { seconds } = strict
        assert.deepStrictEqual({ ...reference, seconds, kernels: "strict" }, strict)
      }),
  )

  it.live("takes Fashion-MNIST from a folder of its files", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const labels = Array.from({ length: 40 }, (_, i) => i % 10)
      for (const part of ["train", "t10k"]) {
        const images = { sizes: [40, 1, 10], data: new Uint8Array(400) }
        labels.forEach((label, i) => (images.data[10 * i + label] = 255))
        writeFileSync(join(folder, `${part}-images-idx3-ubyte`), Idx.encode(images))
        const classes = Idx.encode({ sizes: [40], data: Uint8Array.from(labels) })
        writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), classes)
      }
      const args = ["fashion-mnist", "--epochs", "40", "--batch", "10"]
      const { data, test } = yield* train(...args, "--data", folder)
      assert.deepInclude(data, { trainSamples: 40, testSamples: 40, features: 10 })
      assert.isTrue(test._tag === "Accuracy" && test.accuracy === 1)
      assert.match(
        yield* refused("fashion-mnist", "--data", temporary()),
        /: it has no train-images-idx3-ubyte or train-images-idx3-ubyte\.gz/,
      )
      assert.match(
        yield* refused("fashion-mnist", "--data", join(folder, "none")),
        /--data .*none: no such folder/,
      )
    }),
  )

  it.live("knows every method of the family over every base", () =>
    Effect.gen(function* () {
      const variants = [
        ["--method", "plain"],
        ["--method", "usam", "--base", "momentum", "--momentum", "0.5"],
        ["--method", "unified", "--normalisation", "0.5", "--base", "nesterov", "-l", "0.01"],
        ["--method", "asam", "--base", "adamw", "-l", "0.01", "--weight-decay", "0.01"],
        ["--method", "p-norm", "--p", "4", "--clip", "1", "--schedule", "cosine"],
        ["--method", "sam", "--ascents", "2", "--every", "2", "--late", "0.3"],
        ["--method", "sam", "--group-size", "8", "--hidden", "16,8", "--activation", "tanh"],
      ]
      for (const variant of variants) {
        const { test } = yield* train("breast-cancer", "--epochs", "8", ...variant)
        assert.isTrue(test._tag === "Accuracy" && test.accuracy > 0.9, variant.join(" "))
      }
    }),
  )

  it.live("knows how long the perturbations of groups are, and advises on asam by it", () =>
    Effect.gen(function* () {
      const asam = ["breast-cancer", "--epochs", "2", "--method", "asam"]
      const whole = yield* train(...asam)
      const groups = yield* train(...asam, "--group-size", "8")
      assert.isTrue(Number.isNaN(groups.epochs.at(-1)!.directionalSharpness))
      // of one gradient each, of a batch and of all rows, at points that are near each other
      assert.isBelow(Math.abs(Math.log(groups.perturbation / whole.perturbation)), 1)
      const advised = `radius ${Number(groups.perturbation.toPrecision(3))},`
      assert.include(groups.sharpness!.advice.summary, advised)
    }),
  )

  it.live("fits a line, and beats the mean by it", () =>
    Effect.gen(function* () {
      const { network: name, test } = yield* train("diabetes", "--hidden", "none")
      assert.strictEqual(name, "network 10-1, identity, squared loss")
      assert.isTrue(test._tag === "Error" && test.explained! > 0.4 && test.rootMeanSquare < 65)
    }),
  )

  it.live("explains no variance where the target has none, up to rounding", () =>
    Effect.gen(function* () {
      const file = csv(separable.slice(0, 20).map(([x, y], i) => [x, y, i === 0 ? 0.2 : 0.1]))
      const values = ["--task", "regression", "--method", "sam", "--radius", "0.3"]
      const args = ["train", file, "--target", "class", "--epochs", "1", ...values]
      const { code, stdout } = yield* nonconvex([], args)
      assert.strictEqual(code, 0)
      assert.match(stdout, /^test {7}error \S+, of a target without variance$/m)
      assert.notInclude(stdout, "NaN")
      const { test } = yield* train(...args.slice(1))
      // the network is off by what it was drawn with, in the unit of the target
      assert.isTrue(test._tag === "Error" && test.rootMeanSquare > 1e-3)
      assert.isFalse("explained" in test)
    }),
  )

  it.live("reads a CSV file, and saves a network that predicts as it says", () =>
    Effect.gen(function* () {
      const file = csv(separable)
      const save = join(temporary(), "deep/net.json")
      const report = yield* train(file, "--target", "class", "--batch", "8", "--save", save)
      assert.deepStrictEqual([report.data.trainSamples, report.data.testSamples], [32, 8])
      const saved = yield* json(SavedNetwork)(readFileSync(save, "utf8"))
      assert.deepStrictEqual(saved.features, ["x", "y"])
      assert.deepStrictEqual(saved.target, { _tag: "Classification", classes: ["down", "up"] })
      const labels = separable.map(([, , name]) => (name === "up" ? 1 : 0))
      const features = Float64Array.from(
        separable.flatMap(([x, y]) =>
          [x, y].map(
            (value, j) => (Number(value) - saved.inputs.shift[j]!) / saved.inputs.scale[j]!,
          ),
        ),
      )
      const loaded = network({
        features,
        dimension: 2,
        architecture: Architecture.make(saved.architecture),
        loss: Loss.crossEntropy(labels),
      })
      const { test, train: trained } = report
      assert.isTrue(test._tag === "Accuracy" && trained._tag === "Accuracy")
      const right =
        test._tag === "Accuracy" && trained._tag === "Accuracy"
          ? 8 * test.accuracy + 32 * trained.accuracy
          : Number.NaN
      const point = Float64Array.from(saved.parameters)
      assert.closeTo(40 * loaded.accuracy(point, features, labels), right, 1e-9)
    }),
  )

  it.live("ends with 3 where it diverges, and saves nothing", () =>
    Effect.gen(function* () {
      const save = join(temporary(), "n.json")
      // also where the one step that there is was the last one
      for (const flags of [
        ["-l", "1e6"],
        ["-l", "1e308", "--epochs", "1", "--batch", "1000"],
      ]) {
        const sam = ["--method", "sam", "--radius", "0.3"]
        const args = ["train", "breast-cancer", "--quiet", ...sam, ...flags, "--save", save]
        const { code, stderr } = yield* nonconvex([], args)
        assert.strictEqual(code, 3)
        assert.match(
          stderr,
          /^nonconvex: sam over sgd diverged at step \d+ .*lower the learning rate/,
        )
        assert.isFalse(existsSync(save))
      }
    }),
  )

  it.live("names the place of what is wrong with a file", () =>
    Effect.gen(function* () {
      const bad = csv([
        [1, 2, "a"],
        [3, "$4", "b"],
      ])
      assert.strictEqual(
        yield* refused(bad, "--target", "class"),
        `nonconvex: ${bad}: row 3, column "y": "$4" has a currency sign; write the number alone`,
      )
      const ragged = csv([
        [1, 2, "a"],
        [3, "b"],
      ])
      assert.match(yield* refused(ragged, "--target", "class"), /row 3: 3 cells expected.* 2 found/)
      assert.match(yield* refused(ragged), /no target; name its column with --target/)
      assert.match(
        yield* refused(ragged, "-t", "z"),
        /no column "z"; the header has "x", "y", "class"/,
      )
      assert.match(yield* refused("none.csv", "-t", "z"), /none.csv: no such file; check the path/)
      assert.match(
        yield* refused("mnist"),
        /mnist: no such file, and no bundled data set has this name; choose one of fashion-mnist/,
      )
    }),
  )

  it.live("refuses numbers out of range and flags that say nothing", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refused("digits", "--radius", "-1"),
        'nonconvex train: Invalid value for flag --radius: "-1". Expected a value greater than or equal to 0 (help: nonconvex train --help)',
      )
      assert.match(
        yield* refused("digits", "--hidden", "3,x"),
        /--hidden: "3,x".*widths such as 64/,
      )
      assert.match(yield* refused("digits", "--test-fraction", "1"), /--test-fraction/)
      assert.strictEqual(
        yield* refused("digits", "--p", "3"),
        "nonconvex: --p needs --method p-norm",
      )
      for (const flag of ["--target=x", "--ignore=x", "--test-fraction=0.5"]) {
        assert.strictEqual(
          yield* refused("digits", flag),
          `nonconvex: ${flag.split("=")[0]} needs a CSV file; a bundled data set has a target and a test set`,
        )
      }
      assert.match(
        yield* refused("digits", "--save", join(csv(separable), "net.json")),
        /cannot be written/,
      )
    }),
  )
})
