/** Predicting new rows with saved networks. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { ofPatients, patients, predict, refused, table, train, written } from "./support/Trained.ts"

/** The file with some of it changed. */
const changed = (file: string, change: (saved: Record<string, unknown>) => object): string => {
  const saved = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>
  return written(JSON.stringify({ ...saved, ...change(saved) }), "changed.json")
}

describe("predict", () => {
  it.live("predicts the rows as the training says that it does", () =>
    Effect.gen(function* () {
      const { file, report, save } = yield* ofPatients()
      const { known, predictions } = yield* predict(save, file)
      const right = predictions.filter((name, i) => name === patients[i]!["outcome"]).length
      assert.strictEqual(known!.rows, 60)
      assert.strictEqual(known!.accuracy, right / 60)
      const { test, train: trained } = report
      assert.isTrue(
        test._tag === "Accuracy" &&
          trained._tag === "Accuracy" &&
          Math.abs(12 * test.accuracy + 48 * trained.accuracy - right) < 1e-9,
      )
    }),
  )

  it.live("finds columns by name, whatever their order and whatever is beside them", () =>
    Effect.gen(function* () {
      const { file, save } = yield* ofPatients()
      const options = { columns: ["stage", "other", "ward", "age"], decimal: ",", delimiter: ";" }
      const rows = patients.map((row) => ({ ...row, other: "12 %, or so" }))
      const other = yield* predict(save, written(table(rows, options)))
      const { predictions } = yield* predict(save, file)
      assert.deepStrictEqual(other.predictions, predictions)
      assert.isUndefined(other.known)
    }),
  )

  it.live("counts rows far outside of the training", () =>
    Effect.gen(function* () {
      const { file, save } = yield* ofPatients()
      assert.isUndefined((yield* predict(save, file)).far)
      const rows = patients.slice(0, 4).map((row, i) => ({ ...row, age: i < 2 ? 1e6 : 50 }))
      const far = written(table(rows))
      assert.deepStrictEqual((yield* predict(save, far)).far, {
        rows: 2,
        features: [{ feature: "age", rows: 2 }],
      })
      const { stdout } = yield* nonconvex([], ["predict", save, far, "--quiet"])
      assert.match(stdout, /^far {8}2 rows more than 10 standard deviations .*age in 2 rows/m)
    }),
  )

  it.live("gives probabilities that add up to one and whose largest is the prediction", () =>
    Effect.gen(function* () {
      const { file, save } = yield* ofPatients()
      const { classes, predictions, probabilities } = yield* predict(save, file, "--probabilities")
      assert.deepStrictEqual(classes, ["ill", "well"])
      probabilities!.forEach((row, i) => {
        assert.closeTo(
          row.reduce((sum, p) => sum + p, 0),
          1,
          1e-12,
        )
        assert.strictEqual(classes[row[0]! >= row[1]! ? 0 : 1], predictions[i])
      })
    }),
  )

  it.live("says which words it did not know, and what it filled in", () =>
    Effect.gen(function* () {
      const { save } = yield* ofPatients()
      const file = written("age,ward,stage\n,east,mid\n40,east,top\n")
      const report = yield* predict(save, file)
      assert.deepStrictEqual(report.unknown, [
        { column: "ward", word: "east", rows: 2 },
        { column: "stage", word: "top", rows: 1 },
      ])
      assert.deepStrictEqual(report.filled, [{ column: "age", rows: 1 }])
      const { stdout } = yield* nonconvex([], ["predict", save, file, "--quiet"])
      assert.match(stdout, /^filled {5}age: 1 missing, as in training$/m)
      assert.match(stdout, /^unknown {4}ward=east in 2 rows, stage=top in 1 row: not seen/m)
      assert.match(stdout, /^LINE {2}PREDICTION$/m)
    }),
  )

  it.live("writes a line for each row, with columns that are copied", () =>
    Effect.gen(function* () {
      const { file, save } = yield* ofPatients()
      const out = join(temporary(), "deep/predicted.csv")
      const more = ["--save", out, "--probabilities", "--copy", "id"]
      const { predictions } = yield* predict(save, file, ...more)
      const [header, ...lines] = readFileSync(out, "utf8").trimEnd().split("\r\n")
      assert.strictEqual(header, "id,prediction,probability of ill,probability of well")
      assert.strictEqual(lines.length, 60)
      lines.forEach((line, i) => {
        assert.deepStrictEqual(line.split(",").slice(0, 2), [patients[i]!["id"], predictions[i]])
      })
    }),
  )

  it.live("predicts numbers in the unit of their column", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 80 }, (_, i) => ({
        x: Math.sin(i),
        price: 5000 + 300 * Math.sin(i),
      }))
      const file = written(table(rows))
      const save = join(temporary(), "price.json")
      yield* train(file, "-t", "price", "--hidden", "none", "--save", save)
      const { known, predictions } = yield* predict(save, file)
      predictions.forEach((price, i) => assert.closeTo(Number(price), rows[i]!.price, 30))
      assert.isBelow(known!.rootMeanSquare!, 30)
      assert.match(
        yield* refused("predict", save, file, "--probabilities"),
        /--probabilities needs a network that predicts classes/,
      )
    }),
  )

  it.live("takes the test part of a shipped set, and refuses one with other features", () =>
    Effect.gen(function* () {
      const save = join(temporary(), "digits.json")
      const { test } = yield* train("digits", "--epochs", "2", "--save", save)
      const { known } = yield* predict(save, "digits")
      assert.isTrue(test._tag === "Accuracy" && known!.accuracy === test.accuracy)
      assert.match(
        yield* refused("predict", save, "diabetes"),
        /diabetes has different features than/,
      )
      assert.match(yield* refused("predict", save, "mnist"), /no bundled data set has this name/)
    }),
  )

  it.live("reads networks of before there was an encoding", () =>
    Effect.gen(function* () {
      const rows = patients.map(({ age, outcome }) => ({
        age: age === "" ? 50 : age!,
        outcome: outcome!,
      }))
      const file = written(table(rows))
      const save = join(temporary(), "net.json")
      yield* train(file, "-t", "outcome", "-e", "5", "--save", save)
      const old = changed(save, () => ({ encoder: undefined, made: undefined }))
      const { predictions } = yield* predict(save, file)
      const older = yield* predict(old, file)
      assert.deepStrictEqual(older.predictions, predictions)
      // a hole is filled by the mean
      assert.strictEqual((yield* predict(old, written("age\nNA\n"))).predictions.length, 1)
    }),
  )

  it.live("names all columns that are missing, and the place of a wrong cell", () =>
    Effect.gen(function* () {
      const { save } = yield* ofPatients()
      const of = (text: string, ...more: ReadonlyArray<string>) =>
        refused("predict", save, written(text), ...more)
      assert.match(
        yield* of("stage,x\nmid,1\n"),
        /no column "age", "ward", which the network or --copy needs; the header has "stage", "x"; add/,
      )
      assert.match(
        yield* of("age,ward,stage\n40,west,mid\nold,west,mid\n"),
        /row 3, column "age": "old" is not a number/,
      )
      assert.match(yield* of("age,ward,stage\n"), /there are no rows below the header/)
      assert.match(
        yield* of(
          "age,ward,stage\n1,west,mid\n",
          "--copy",
          "id",
          "--save",
          join(temporary(), "o.csv"),
        ),
        /no column "id"/,
      )
      assert.match(
        yield* of("age,ward,stage\n1,west,mid\n", "--copy", "age"),
        /--copy needs --save/,
      )
      assert.match(
        yield* refused("predict", save, "none.csv"),
        /none.csv: no such file; check the path/,
      )
      assert.match(yield* refused("predict", "none.json", "digits"), /none.json: no such file/)
    }),
  )

  it.live("refuses files that are no networks before anything is laid out for them", () =>
    Effect.gen(function* () {
      const { file, save } = yield* ofPatients()
      const broken: ReadonlyArray<readonly [change: object, why: RegExp]> = [
        [{ parameters: [1, 2] }, /a number of parameters that does not match/],
        [
          { architecture: { widths: [7, 46_341, 46_341, 2], activation: "relu" } },
          /a number of parameters that does not match/,
        ],
        [{ architecture: { widths: [7, 1e9, 2], activation: "relu" } }, /an impossible shape/],
        [
          { architecture: { widths: [7, 100, 2], activation: "swish" } },
          /architecture\.activation: expected/,
        ],
        [{ inputs: { shift: [0], scale: [1] } }, /numbers of features and inputs/],
        [
          { features: ["a", "b", "c", "d", "e", "f", "g"] },
          /features that do not match its columns/,
        ],
        [{ target: { _tag: "Classification", classes: ["ill"] } }, /2 outputs for a target of 1/],
        [{ target: { _tag: "Regression", shift: 0, scale: 0 } }, /scale/],
        [{ encoder: [{ _tag: "Number", column: "age" }] }, /fill/],
        [{ format: 7 }, /format/],
      ]
      for (const [change, why] of broken) {
        const line = yield* refused(
          "predict",
          changed(save, () => change),
          file,
        )
        assert.match(line, why)
        assert.match(line, /create it with nonconvex train --save/)
      }
      const text = written("nonsense", "net.json")
      assert.match(yield* refused("predict", text, file), /is not a network/)
      const out = join(temporary(), "out.csv")
      writeFileSync(out, "as it was")
      yield* refused("predict", text, file, "--save", out)
      assert.strictEqual(readFileSync(out, "utf8"), "as it was")
      assert.isFalse(existsSync(`${out}.partial`))
    }),
  )
})
