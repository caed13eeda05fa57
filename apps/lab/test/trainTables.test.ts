/** Training on tables as people have them: words, holes, other spellings, columns that say nothing. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { TrainReport } from "../src/data/train/TrainReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import {
  decodeSaved,
  ofPatients,
  patients,
  refused,
  table,
  train,
  written,
} from "./support/Trained.ts"

const accuracy = ({ train: quality }: Pick<TrainReport, "train">): number =>
  quality._tag === "Accuracy" ? quality.accuracy : Number.NaN

describe("train on a table", () => {
  it.live("encodes words, fills holes, leaves out what says nothing, and says all of it", () =>
    Effect.gen(function* () {
      const file = written(table(patients.map((row) => ({ ...row, all: 7, none: "" }))))
      const args = ["train", file, "--target", "outcome", "--ordinal", "stage=low,mid,high"]
      const { code, stdout } = yield* nonconvex([], [...args, "--quiet"])
      assert.strictEqual(code, 0)
      assert.match(stdout, /^target {5}outcome, 2 classes: ill; well$/m)
      assert.match(stdout, /^encoded {4}ward \(one-hot, 3 words\); stage \(ordinal, 3 words\)$/m)
      assert.match(
        stdout,
        /^filled {5}age: \d missing, filled by the median [\d.]+ .*; ward: \d missing/m,
      )
      assert.match(stdout, /^left out {3}id \(looks like an id.*all \(the same.*none \(empty/m)
      const report = yield* train(...args.slice(1))
      // age and its mark, three wards and their mark, the stage
      assert.strictEqual(report.data.features, 7)
      assert.isAbove(accuracy(report), 0.9)
    }),
  )

  it.live("keeps with the network what made it, and how its columns are encoded", () =>
    Effect.gen(function* () {
      const { report, save } = yield* ofPatients("--seed", "3")
      const saved = yield* decodeSaved(readFileSync(save, "utf8"))
      assert.deepInclude(saved.made, {
        target: "outcome",
        method: "plain adamw",
        seed: 3,
        learningRate: report.learningRate,
        trainRows: 48,
        testRows: 12,
      })
      assert.match(saved.made!.version, /^\d+\.\d+\.\d+/)
      assert.deepStrictEqual(
        saved.encoder!.map(({ _tag, column }) => [_tag, column]),
        [
          ["Number", "age"],
          ["OneHot", "ward"],
          ["Ordinal", "stage"],
        ],
      )
      assert.deepStrictEqual(saved.features.slice(0, 3), ["age", "age is missing", "ward=north"])
    }),
  )

  it.live("saves what certify reads with the table alone, encoded as it was", () =>
    Effect.gen(function* () {
      const { file, save } = yield* ofPatients("--ignore", "id", "--epochs", "5")
      const { code, stderr, stdout } = yield* nonconvex([], ["certify", save, file, "--quiet"])
      assert.strictEqual(code, 0, stderr)
      assert.match(stdout, /^verdict /m)
      const seeded = yield* ofPatients("--ignore", "id", "--epochs", "5", "--seed", "9")
      const known = yield* nonconvex([], ["certify", seeded.save, seeded.file, "--quiet"])
      assert.strictEqual(known.code, 0, known.stderr)
      const other = ["certify", save, file, "--seed", "2"]
      assert.match(yield* refused(...other), /give the data, flags and seed of its training/)
    }),
  )

  it.live.each([
    [";", ","],
    ["\t", "."],
    ["|", "."],
    [";", "."],
  ] as const)(
    "reads tables with %j between cells and the decimal mark %j alike",
    ([delimiter, decimal]) =>
      Effect.gen(function* () {
        const args = ["--target", "outcome", "--epochs", "3"]
        const standard = yield* train(written(table(patients)), ...args)
        const other = yield* train(written(table(patients, { delimiter, decimal })), ...args)
        assert.deepStrictEqual(other.epochs, standard.epochs)
        assert.deepInclude(other.data.read!.spelling, { delimiter, decimal })
      }),
  )

  it.live("tells the task by the target, and takes what is said for it", () =>
    Effect.gen(function* () {
      const task = Effect.fnUntraced(function* (
        target: (i: number) => string | number,
        ...more: ReadonlyArray<string>
      ) {
        const rows = patients.map((row, i) => ({ age: row["age"]!, y: target(i) }))
        const { data } = yield* train(written(table(rows)), "-t", "y", "-e", "1", ...more)
        return data.read!.task
      })
      assert.strictEqual(yield* task((i) => ["a", "b"][i % 2]!), "classification")
      assert.strictEqual(yield* task((i) => i % 3), "classification")
      assert.strictEqual(yield* task((i) => i % 3, "--task", "regression"), "regression")
      assert.strictEqual(yield* task((i) => i), "regression")
      assert.strictEqual(yield* task((i) => i, "--task", "classification"), "classification")
      assert.strictEqual(yield* task((i) => i / 7), "regression")
    }),
  )

  it.live("leaves out rows without a target, and says how many", () =>
    Effect.gen(function* () {
      const rows = patients.map((row, i) => ({ ...row, outcome: i < 4 ? "NA" : row["outcome"]! }))
      const { data } = yield* train(written(table(rows)), "-t", "outcome", "-e", "1")
      assert.strictEqual(data.read!.rowsWithoutTarget, 4)
      assert.strictEqual(data.trainSamples + data.testSamples, 56)
    }),
  )

  it.live("takes numbers for names, and an identifier for a feature, where it is told", () =>
    Effect.gen(function* () {
      const rows = patients.map((row, i) => ({ zone: i % 4, key: i, y: row["outcome"]! }))
      const args = [written(table(rows)), "-t", "y", "-e", "1"]
      assert.strictEqual((yield* train(...args)).data.features, 1)
      const told = yield* train(...args, "--category", "zone", "--keep", "key")
      assert.strictEqual(told.data.features, 5)
    }),
  )

  it.live("refuses in one line what nothing can be learnt from", () =>
    Effect.gen(function* () {
      const of = (text: string, ...more: ReadonlyArray<string>) =>
        refused("train", written(text), "--target", "y", ...more)
      assert.match(yield* of("x,y\n1,a\n2,a\n3,a\n"), /holds the class "a" only/)
      assert.match(yield* of("x,y\n1,\n2,NA\n"), /column "y" is empty in every row; choose another/)
      assert.match(yield* of("x,y\n1,a\n2,b\n"), /a test fraction of 0.2 leaves one part .* empty/)
      assert.match(yield* of("y\n1\n2\n3\n4\n5\n"), /no feature column beside the target/)
      assert.match(yield* of("x,y\n7,a\n7,b\n7,a\n7,b\n7,a\n"), /no feature column/)
      assert.match(
        yield* of("x,y\n1,0.5\n2,1\n3,2\n4,1\n5,2\n", "--task", "classification"),
        /row 2, column "y": "0.5" is not a class/,
      )
      assert.match(
        yield* of("x,y\n1,one\n2,2\n", "--task", "regression"),
        /row 2, column "y": "one" is not a number/,
      )
      assert.match(
        yield* of("x,y\nS,a\nM,b\nQ,a\n", "--ordinal", "x=S,M"),
        /row 4, column "x": "Q" is not one of/,
      )
      assert.match(yield* of("x,y\n1,a\n", "--ordinal", "x"), /such as size=small,medium,large/)
      assert.match(yield* of("x,y\n1,a\n", "--category", "z"), /no column "z"/)
    }),
  )
})

describe("train with held-out rows", () => {
  const noisy = written.bind(undefined)

  const rows = () =>
    noisy(
      table(
        Array.from({ length: 120 }, (_, i) => ({
          x: Math.sin(i),
          z: Math.cos(2 * i),
          y: Math.sin(i) + Math.cos(2 * i) > (i % 5 === 0 ? 1 : 0) ? "up" : "down",
        })),
      ),
    )

  it.live("ends early, keeps the best epoch, and says on how many rows", () =>
    Effect.gen(function* () {
      const args = [rows(), "-t", "y", "--epochs", "300", "--patience", "4"]
      const { bestEpoch, data, epochs } = yield* train(...args)
      assert.strictEqual(data.validationSamples, 10)
      assert.isBelow(epochs.length, 300)
      assert.strictEqual(epochs.length, bestEpoch + 4)
      const { stdout } = yield* nonconvex([], ["train", ...args, "--quiet"])
      assert.match(
        stdout,
        /^ended {6}after epoch \d+; the weights are those of epoch \d+, the best on 10 validation rows/m,
      )
      const quarter = yield* train(...args, "--validation-fraction", "0.25")
      assert.strictEqual(quarter.data.validationSamples, 24)
    }),
  )

  it.live("cross-validates over the training rows alone, with an interval around the mean", () =>
    Effect.gen(function* () {
      const args = [rows(), "-t", "y", "--epochs", "3", "--folds", "4"]
      const { crossValidation } = yield* train(...args)
      const { folds, high, low, mean, scores } = crossValidation!
      assert.strictEqual(folds, 4)
      assert.strictEqual(scores.length, 4)
      assert.closeTo(mean, scores.reduce((sum, score) => sum + score, 0) / 4, 1e-12)
      assert.isTrue(low < mean && mean < high && high <= 1)
      const { stdout } = yield* nonconvex([], ["train", ...args, "--quiet"])
      assert.match(stdout, /^folds {6}[\d.]+ % right over 4 folds of the training rows/m)
    }),
  )

  it.live("advises a radius that helped on held-out rows, or none", () =>
    Effect.gen(function* () {
      const checks = ["--epochs", "3", "--folds", "2", "--advise"]
      const args = [rows(), "-t", "y", ...checks, "--method", "sam"]
      const { radius, radiusAdvice } = yield* train(...args)
      const { chosen, gain, helps, pairs, tried } = radiusAdvice!
      assert.deepStrictEqual(
        tried.map((each) => each.radius),
        [0.1, 0.3, 0.6],
      )
      assert.strictEqual(pairs, 6)
      assert.isTrue(gain.low <= gain.mean && gain.mean <= gain.high)
      assert.strictEqual(helps, gain.low > 0)
      assert.strictEqual(radius, helps ? chosen : 0)
      const given = yield* train(...args, "--radius", "0.7")
      assert.deepStrictEqual(
        given.radiusAdvice!.tried.map((each) => each.radius),
        [0.7],
      )
      const { stdout } = yield* nonconvex([], ["train", ...args, "--quiet"])
      assert.match(stdout, /^radius {5}(none is recommended: the best|0\.\d+ helps:)/m)
      for (const method of ["plain", "auto"]) {
        assert.match(
          yield* refused("train", rows(), "-t", "y", ...checks, "--method", method),
          /--advise needs a --method other than plain and auto, such as sam/,
        )
      }
    }),
  )

  it.live("weighs classes, by name or to balance", () =>
    Effect.gen(function* () {
      const rare = written(
        table(
          Array.from({ length: 100 }, (_, i) => ({
            x: Math.sin(i * i),
            y: i % 10 === 0 ? "rare" : "usual",
          })),
        ),
      )
      const args = [rare, "-t", "y", "--epochs", "20"]
      const balanced = Effect.fnUntraced(function* (...more: ReadonlyArray<string>) {
        const { train: quality } = yield* train(...args, ...more)
        return quality._tag === "Accuracy" ? quality.balanced : Number.NaN
      })
      const plain = yield* balanced()
      assert.strictEqual(plain, 0.5)
      assert.isAbove(yield* balanced("--class-weights", "balanced"), plain)
      assert.isAbove(yield* balanced("--class-weights", "rare=9"), plain)
      const wrong = (weights: string) => refused("train", ...args, "--class-weights", weights)
      assert.match(
        yield* wrong("often=2"),
        /there is no class "often"; use balanced, .* rare, usual/,
      )
      assert.match(yield* wrong("rare=-1"), /"rare=-1" is not a class weight/)
      assert.match(
        yield* refused("train", "diabetes", "--class-weights", "balanced"),
        /--class-weights needs a target with classes/,
      )
    }),
  )

  it.live("refuses what these flags cannot do", () =>
    Effect.gen(function* () {
      assert.match(yield* refused("train", "digits", "--folds", "1"), /--folds/)
      assert.match(
        yield* refused("train", "digits", "--validation-fraction", "0.2"),
        /--validation-fraction needs --patience/,
      )
      const small = written("x,y\n1,a\n2,b\n3,a\n4,b\n")
      assert.match(
        yield* refused("train", small, "-t", "y", "--test-fraction", "0.5", "--patience", "2"),
        /--patience needs validation rows: this fraction of 2 training rows/,
      )
    }),
  )
})

describe("train on shipped sets", () => {
  it.live.each(["relu", "tanh", "sigmoid", "softplus", "identity", "square", "cube"])(
    "does not diverge with %s at the rate that it finds",
    (activation) =>
      Effect.gen(function* () {
        // of sets with few rows as long as it takes, of others until they would have diverged
        for (const [data, ...more] of [
          ["breast-cancer"],
          ["diabetes"],
          ["digits", "--epochs", "3"],
          ["fashion-mnist-0-2", "--epochs", "3"],
        ] as const) {
          const method = ["--method", "sam", "--radius", "0.3"]
          const args = [data, "--activation", activation, "--hidden", "16", ...method, ...more]
          const { constantLoss, loss } = yield* train(...args)
          assert.isBelow(loss, constantLoss, data)
        }
      }),
  )

  it.live("draws the losses of all parts of the rows, and nothing where it cannot write", () =>
    Effect.gen(function* () {
      const figure = join(temporary(), "deep/training.svg")
      yield* train("breast-cancer", "--epochs", "4", "--patience", "3", "--figure", figure)
      const svg = readFileSync(figure, "utf8")
      assert.match(svg, /<svg/)
      for (const part of ["training", "held out", "test"]) assert.include(svg, part)
      const elsewhere = join(figure, "x.svg")
      assert.match(yield* refused("train", "digits", "--figure", elsewhere), /cannot be written/)
      assert.isFalse(existsSync(elsewhere))
    }),
  )
})
