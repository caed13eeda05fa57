/** Trainings that go on: from what train saved, and from networks of other programs, which are written back. */
import { assert, describe, it } from "@effect/vitest"
import { encodeNpz } from "@nonconvex/interchange/node"
import { Effect, Schema } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { TrainReport } from "../src/data/train/TrainReport.ts"
import { temporary } from "./support/Folders.ts"
import { golden } from "./support/Foreign.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(TrainReport)))

const train = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* nonconvex([], ["train", ...args, "--json", "--quiet"])
  assert.strictEqual(code, 0, stderr)
  return yield* decode(stdout)
})

const refused = Effect.fnUntraced(function* (args: ReadonlyArray<string>, line: RegExp) {
  const { code, stderr } = yield* nonconvex([], ["train", ...args, "--quiet"])
  assert.strictEqual(code, 1)
  assert.match(stderr.trim(), line)
  assert.strictEqual(stderr.trim().split("\n").length, 1)
})

/** Sixty images for the networks of golden/, whose class the mean of the first channel tells. */
const images = (): string => {
  const path = join(temporary(), "images.npz")
  const x = Float64Array.from({ length: 60 * 84 }, (_, i) =>
    Math.sin(1.3 * i + Math.floor(i / 84) ** 2),
  )
  const y = Float64Array.from({ length: 60 }, (_, row) => {
    const first = x.subarray(84 * row, 84 * row + 42)
    return first.reduce((sum, value) => sum + value, 0) > 0 ? 1 : 0
  })
  const arrays = [
    { name: "x", shape: [60, 2, 7, 6], values: x },
    { name: "y", shape: [60], values: y },
  ]
  writeFileSync(path, encodeNpz(arrays))
  return path
}

describe("train --from", () => {
  it.live("goes on from what train saved, on the same rows, and saves it as before", () =>
    Effect.gen(function* () {
      const [first, second] = ["first.json", "second.json"].map((name) => join(temporary(), name))
      const short = ["--epochs", "2", "--learning-rate", "0.05"]
      const before = yield* train("digits", "--hidden", "8", ...short, "--save", first!)
      const after = yield* train("digits", "--from", first!, ...short, "--save", second!)
      assert.strictEqual(after.network, before.network)
      assert.isBelow(after.epochs[0]!.loss, before.epochs[0]!.loss)
      assert.deepStrictEqual(after.from, { path: first!, format: "nonconvex", notes: [] })
      const shapes = [first!, second!].map(
        (path) =>
          (JSON.parse(readFileSync(path, "utf8")) as { architecture: unknown }).architecture,
      )
      assert.deepStrictEqual(shapes[1], shapes[0])
    }),
  )

  it.live(
    "trains a network of PyTorch with convolutions, and writes it back so that it is read again",
    () =>
      Effect.gen(function* () {
        const data = images()
        const saved = join(temporary(), "further.safetensors")
        const described = ["--architecture", `${golden}conv.net.json`]
        // all rows in each step: the loss of an epoch is that before its step
        const steps = [
          "--epochs",
          "4",
          "--batch",
          "48",
          "--method",
          "plain",
          "--learning-rate",
          "0.1",
        ]
        const from = [data, "--from"]
        const report = yield* train(
          ...from,
          `${golden}conv.safetensors`,
          ...described,
          ...steps,
          "--save",
          saved,
        )
        assert.strictEqual(report.from!.format, "safetensors")
        assert.strictEqual(report.data.trainSamples, 48)
        assert.isBelow(report.loss, report.epochs[0]!.loss)
        // the same split: it begins where the other ended
        const again = yield* train(...from, saved, ...described, ...steps)
        assert.closeTo(again.epochs[0]!.loss, report.loss, 1e-12)
        assert.strictEqual(again.parameters, report.parameters)
      }),
  )

  it.live("refuses what says nothing, or would not be true", () =>
    Effect.gen(function* () {
      const from = ["--from", `${golden}conv.onnx`]
      const data = images()
      yield* refused(
        [data, ...from, "--hidden", "3"],
        /--hidden allows no --from, whose network has its own layers/,
      )
      yield* refused(
        [data, ...from, "--folds", "3"],
        /--folds allows no --from: that network may have seen every row/,
      )
      yield* refused(
        [data, ...from, "--save", "net.json"],
        /--save needs a file that ends with \.safetensors or \.npz/,
      )
      yield* refused(["digits", "--architecture", "net.json"], /--architecture needs --from/)
      yield* refused(
        ["digits", ...from],
        /a sample has 64 numbers, but the network reads 7 x 6 x 2/,
      )
    }),
  )
})

describe("the test rows of train --from", () => {
  /** 40 rows of words, whose features have no scale that depends on the division. */
  const words = (count = 40): string => {
    const path = join(temporary(), "words.csv")
    const rows = Array.from({ length: count }, (_, i) => {
      const [a, b] = [["u", "v"][i % 2]!, ["p", "q", "r"][i % 3]!]
      return `${a},${b},${(i % 2) + 2 * (i % 3) + (i % 5) / 5}`
    })
    writeFileSync(path, ["a,b,y", ...rows, ""].join("\n"))
    return path
  }
  const few = ["-t", "y", "--task", "regression", "--epochs", "2", "--method", "plain"]

  const first = Effect.fnUntraced(function* (data: string) {
    const save = join(temporary(), "first.json")
    yield* train(data, ...few, "--save", save)
    return save
  })

  it.live("are those that the first training held out: nothing is said", () =>
    Effect.gen(function* () {
      const data = words()
      const from = yield* first(data)
      assert.isUndefined((yield* train(data, ...few, "--from", from)).from!.seen)
      // the division is that of the file, whatever the seed
      assert.isUndefined((yield* train(data, ...few, "--from", from, "--seed", "9")).from!.seen)
      const save = join(temporary(), "digits.json")
      yield* train("digits", "--epochs", "1", "--method", "plain", "--save", save)
      const again = yield* train("digits", "--epochs", "1", "--from", save)
      assert.isUndefined(again.from!.seen)
    }),
  )

  it.live("are named by their lines where another division made some of them training rows", () =>
    Effect.gen(function* () {
      const data = words()
      const from = yield* first(data)
      const args = [data, ...few, "--from", from, "--test-fraction", "0.4"]
      const { from: found } = yield* train(...args)
      const { because, lines, rows } = found!.seen!
      // 16 test rows now, 8 of which at most were held out
      assert.isAtLeast(rows, 8)
      assert.strictEqual(lines.length, rows)
      assert.isTrue(lines.every((line) => line >= 2 && line <= 41))
      assert.match(because, /^it was trained with --seed 1 --test-fraction 0\.2, which split/)
      const { stdout } = yield* nonconvex([], ["train", ...args, "--quiet"])
      const line = new RegExp(
        `^warning {4}${rows} of 16 test rows \\(lines ${lines.join(", ")} of the file\\)`,
        "m",
      )
      assert.match(stdout, line)
    }),
  )

  it.live("may all have been seen where the rows, or the training before, are not known", () =>
    Effect.gen(function* () {
      const data = words()
      const from = yield* first(data)
      const seen = Effect.fnUntraced(function* (rows: string, network: string) {
        return (yield* train(rows, ...few, "--from", network)).from!.seen!
      })
      const other = yield* seen(words(45), from)
      assert.deepStrictEqual([other.rows, other.lines], [9, []])
      assert.match(other.because, /trained on a file with different rows/)
      const saved = JSON.parse(readFileSync(from, "utf8")) as { made: Record<string, unknown> }
      const older = join(temporary(), "older.json")
      const { digest: _none, ...made } = saved.made
      writeFileSync(older, JSON.stringify({ ...saved, made }))
      assert.match((yield* seen(data, older)).because, /an older version saved it/)
      // and what goes on from it knows as little
      const further = join(temporary(), "further.json")
      yield* train(data, ...few, "--from", older, "--save", further)
      assert.match((yield* seen(data, further)).because, /a training before the last/)
    }),
  )

  it.live("may all have been seen by a network of another program", () =>
    Effect.gen(function* () {
      const args = [images(), "--from", `${golden}conv.onnx`, "--epochs", "1"]
      const { from } = yield* train(...args)
      assert.strictEqual(from!.seen!.rows, 12)
      const { stdout } = yield* nonconvex([], ["train", ...args, "--quiet"])
      assert.match(
        stdout,
        /^warning {4}12 of 12 test rows may have been in the earlier training of --from: the file does not record/m,
      )
    }),
  )
})
