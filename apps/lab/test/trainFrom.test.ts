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
        /--hidden needs no --from, whose network has its own layers/,
      )
      yield* refused(
        [data, ...from, "--folds", "3"],
        /--folds needs no --from: that network may have seen every row/,
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
