/** MLflow's files and database, correct and damaged. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { isBuiltin } from "node:module"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { isMetric, read as readFiles } from "../../src/logs/MlflowFiles.ts"
import { read, runs } from "../../src/node/MlflowDatabase.ts"
import { numbersOf, provided, temporary, write } from "../support/Read.ts"

const real = join(import.meta.dirname, "../fixtures/logs/mlflow/mlflow.db.gz")

/** A copy of a database written by MLflow. */
const database = (): string => {
  const path = join(temporary(), "mlflow.db")
  writeFileSync(path, gunzipSync(readFileSync(real)))
  return path
}

const tables =
  "CREATE TABLE runs (run_uuid TEXT, name TEXT, start_time INT); CREATE TABLE params (run_uuid TEXT, key TEXT, value TEXT); "
const metrics =
  "CREATE TABLE metrics (run_uuid TEXT, key TEXT, value REAL, step INT, is_nan INT, timestamp INT); "

/** A database made by these statements. */
const made = Effect.fnUntraced(function* (sql: string) {
  const { DatabaseSync } = yield* Effect.promise(() => import("node:sqlite"))
  const path = join(temporary(), "made.db")
  const opened = new DatabaseSync(path)
  opened.exec(sql)
  opened.close()
  return path
})

describe.runIf(isBuiltin("node:sqlite"))("the database of MLflow", () => {
  it.effect("has runs with numbers and parameters, NaN as NaN", () =>
    Effect.gen(function* () {
      const path = database()
      const found = yield* runs(path)
      assert.deepStrictEqual(
        found.map(({ name }) => name),
        ["raised-rate", "not-a-number"],
      )
      const log = yield* read(path, found[1]!.id)
      const numbers = numbersOf(log)
      assert.deepStrictEqual(Object.keys(numbers).toSorted(), ["grad_norm", "lr", "train/loss"])
      const losses = numbers["train/loss"]!.map(([, value]) => value)
      assert.strictEqual(losses.findIndex(Number.isNaN), 50)
      assert.strictEqual(log.settings.get("optimizer"), "Adam")
    }),
  )

  it.effect("has infinities as the largest numbers, and steps of a resumed run again", () =>
    Effect.gen(function* () {
      const path = yield* made(
        `${tables}${metrics}INSERT INTO runs VALUES ('a', NULL, 1); INSERT INTO metrics VALUES ('a', 'loss', 1.7976931348623157e308, 0, 0, 1), ('a', 'loss', 0, 1, 1, 2), ('a', 'loss', 3, 0, 0, 3)`,
      )
      assert.deepStrictEqual(yield* runs(path), [{ id: "a", name: "a" }])
      assert.deepStrictEqual(numbersOf(yield* read(path, "a")), {
        loss: [
          [0, Infinity],
          [1, NaN],
          [0, 3],
        ],
      })
    }),
  )

  it.effect.each([
    ["another's database", "CREATE TABLE people (name TEXT)", /not an MLflow database/],
    [
      "a view without end",
      `${tables}CREATE VIEW metrics AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'a' run_uuid, 'loss' key, i value, i step, 0 is_nan, i timestamp FROM n`,
      /not an MLflow database/,
    ],
    [
      "a table without steps",
      `${tables}CREATE TABLE metrics (run_uuid TEXT, key TEXT)`,
      /not an MLflow database/,
    ],
  ] as const)("is refused that is %s", ([, sql, message]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(runs(yield* made(sql)))
      assert.match(error.message, message)
    }),
  )

  it.effect("is refused where it is damaged, no database, or locked", () =>
    Effect.gen(function* () {
      const whole = gunzipSync(readFileSync(real))
      const folder = temporary()
      const cut = write(folder, "cut.db", whole.subarray(0, 5000))
      const none = write(folder, "none.db", "SQLite format 3\0 and no more")
      assert.match((yield* Effect.flip(runs(cut))).message, /cut\.db: /)
      assert.match(
        (yield* Effect.flip(runs(none))).message,
        /none\.db: it is not a SQLite database/,
      )
      const locked = database()
      const { DatabaseSync } = yield* Effect.promise(() => import("node:sqlite"))
      const other = new DatabaseSync(locked)
      other.exec("BEGIN EXCLUSIVE")
      const error = yield* Effect.flip(runs(locked))
      other.close()
      assert.match(error.message, /another program has locked it; try again later/)
    }),
  )
})

describe("the files of MLflow", () => {
  it.effect("are a file for each number, whose name has folders, and one for each parameter", () =>
    Effect.gen(function* () {
      const folder = temporary()
      write(folder, "meta.yaml", "")
      write(
        folder,
        "metrics/train/loss",
        "1700000000000 2.5 0\n1700000000001 nan 1\n1700000000002 -inf 2",
      )
      write(folder, "params/optim", "adamw_torch")
      const outside = write(temporary(), "secret", "1700000000000 1 0\n")
      symlinkSync(outside, join(folder, "metrics/linked"))
      const log = yield* provided(readFiles(folder))
      assert.deepStrictEqual(numbersOf(log), {
        "train/loss": [
          [0, 2.5],
          [1, NaN],
          [2, -Infinity],
        ],
      })
      assert.strictEqual(log.settings.get("optim"), "adamw_torch")
    }),
  )

  it.effect("are refused with the line that is none, but for a last one that is cut off", () =>
    Effect.gen(function* () {
      const folder = temporary()
      write(folder, "metrics/loss", "1700000000000 2.5 0\n17000")
      const cut = yield* provided(readFiles(folder))
      assert.deepStrictEqual(numbersOf(cut), { loss: [[0, 2.5]] })
      write(folder, "metrics/loss", "1700000000000 2.5 0\n170 x 1\n1700000000000 2.5 2\n")
      const error = yield* Effect.flip(provided(readFiles(folder)))
      assert.match(error.message, /metrics\/loss: line 2: is not a line of time, value and step/)
      write(folder, "metrics/loss", "x".repeat(5000))
      const long = yield* Effect.flip(provided(readFiles(folder)))
      assert.match(long.message, /more than 1024 characters in line 1/)
    }),
  )

  it("are known by their first line", () => {
    assert.isTrue(isMetric("1700000000000 0.5 3\n"))
    assert.isTrue(isMetric("1700000000000 nan 3"))
    for (const other of ["1 2 3\n", "step loss lr\n", "1700000000000 a 3\n"]) {
      assert.isFalse(isMetric(other))
    }
  })
})
