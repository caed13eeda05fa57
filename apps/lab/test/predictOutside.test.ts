/** Predictions of networks of other programs, with the outputs that those programs gave. */
import { assert, describe, it } from "@effect/vitest"
import * as Idx from "@nonconvex/datasets/Idx"
import { Effect } from "effect"
import { encode as encodePng } from "fast-png"
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporary } from "./support/Folders.ts"
import { array, file, golden, labels, npz, sample } from "./support/Foreign.ts"
import { nonconvex } from "./support/InProcess.ts"
import { ofPatients, predict, refused, train, written } from "./support/Trained.ts"

type Golden = Readonly<
  Record<
    string,
    { readonly inputs?: ReadonlyArray<number>; readonly outputs: ReadonlyArray<number> }
  >
>

const stored = (path: string) => JSON.parse(readFileSync(`${golden}${path}`, "utf8")) as Golden

const values = (count: number) => Array.from({ length: count }, (_, i) => sample(i))

/** Four samples of a shape, with or without targets. */
const samples = (shape: ReadonlyArray<number>, isLabelled = false): string =>
  npz({
    x: array([4, ...shape], values(shape.reduce((product, size) => product * size, 4))),
    ...(isLabelled && { y: array([4], labels) }),
  })

const close = (found: ReadonlyArray<unknown>, wanted: ReadonlyArray<number>, tolerance: number) => {
  assert.strictEqual(found.length, wanted.length)
  wanted.forEach((value, k) => assert.closeTo(found[k] as number, value, tolerance))
}

/** The place of the largest number of each row of three. */
const largest = (outputs: ReadonlyArray<number>): ReadonlyArray<string> =>
  Array.from({ length: outputs.length / 3 }, (_, i) => {
    const row = outputs.slice(3 * i, 3 * i + 3)
    return String(row.indexOf(Math.max(...row)))
  })

describe("predict with networks of other programs", () => {
  it.live.each([
    { network: "mlp-tanh.onnx", shape: [5], described: [] },
    { network: "mlp-tanh.safetensors", shape: [5], described: ["mlp-tanh.net.json"] },
    { network: "mlp-gelu.onnx", shape: [5], described: [] },
    { network: "conv.onnx", shape: [2, 7, 6], described: [] },
    { network: "conv.safetensors", shape: [2, 7, 6], described: ["conv.net.json"] },
    { network: "conv.npz", shape: [2, 7, 6], described: ["conv.net.json"] },
    { network: "residual.onnx", shape: [2, 8, 7], described: [] },
    { network: "mlp.keras", shape: [5], described: [] },
    { network: "mlp.h5", shape: [5], described: [] },
  ])("has the outputs of $network", ({ described, network, shape }) =>
    Effect.gen(function* () {
      const name = network.replace(/\.(safetensors|npz)$/, "")
      const { outputs } = stored("golden.json")[name]!
      const layers = described.flatMap((each) => ["--architecture", `${golden}${each}`])
      const args = [`${golden}${network}`, samples(shape), ...layers]
      const asClasses = yield* predict(...args, "--probabilities")
      assert.deepStrictEqual(asClasses.predictions, largest(outputs))
      assert.deepStrictEqual(asClasses.classes, ["0", "1", "2"])
      if (/keras|h5/.test(network)) {
        // Keras gave the logarithms of what its softmax gives
        close(asClasses.probabilities!.flat().map(Math.log), outputs, 1e-5)
      } else {
        const asValues = yield* predict(...args, "--task", "regression")
        close(asValues.predictions.flat(), outputs, 1e-5)
      }
      assert.isUndefined(asClasses.known)
      assert.include(
        asClasses.read!.notes,
        "the outputs are read as logits of the classes 0 to 2; --task regression reads them as values",
      )
    }),
  )

  it.live("compares with targets where there are some, as certify reads them", () =>
    Effect.gen(function* () {
      const { outputs } = stored("golden.json")["conv"]!
      const right = largest(outputs).filter((name, i) => name === String(labels[i])).length
      const { known, read } = yield* predict(`${golden}conv.onnx`, samples([2, 7, 6], true))
      assert.deepStrictEqual(known, { rows: 4, accuracy: right / 4 })
      assert.strictEqual(read!.format, "onnx")
      assert.isFalse(read!.notes.some((note) => note.includes("--task")))
    }),
  )

  it.live("reads model.json of TensorFlow.js, and its folder", () =>
    Effect.gen(function* () {
      const { outputs } = JSON.parse(
        readFileSync(`${golden}tfjs/golden.json`, "utf8"),
      ) as Golden[string]
      for (const network of [`${golden}tfjs/model.json`, `${golden}tfjs`]) {
        const data = samples([7, 6, 2])
        const { predictions } = yield* predict(network, data, "--task", "regression")
        close(predictions.flat(), outputs, 1e-5)
      }
    }),
  )

  it.live("reads depthwise layers and padding, and transformers", () =>
    Effect.gen(function* () {
      const mobile = stored("mobile.json") as unknown as Golden[string]
      const args = ["--task", "regression"]
      for (const name of ["mobile.onnx", "mobile-padded.onnx"]) {
        const { predictions } = yield* predict(`${golden}${name}`, samples([2, 7, 6]), ...args)
        close(predictions.flat(), mobile.outputs, 1e-5)
      }
      for (const [name, shape] of [
        ["causal", [5]],
        ["encoder", [5, 3]],
        ["vision", [1, 4, 4]],
      ] as const) {
        const { inputs, outputs } = stored("transformers/golden.json")[name]!
        const data = npz({ x: array([4, ...shape], inputs!) })
        const network = `${golden}transformers/${name}-new.onnx`
        const { predictions } = yield* predict(network, data, ...args)
        close(predictions.flat(), outputs, 1e-5)
      }
    }),
  )

  it.live("takes a table: all of its columns, without those that are copied or ignored", () =>
    Effect.gen(function* () {
      const { outputs } = stored("golden.json")["mlp-tanh"]!
      const lines = Array.from({ length: 4 }, (_, i) =>
        [`id-${i}`, ...values(20).slice(5 * i, 5 * i + 5), "note", labels[i]].join(","),
      )
      const table = written(["id,a,b,c,d,e,remark,class", ...lines, ""].join("\n"))
      const out = join(temporary(), "out.csv")
      const flags = ["--target", "class", "--ignore", "remark", "--copy", "id", "--save", out]
      const report = yield* predict(`${golden}mlp-tanh.onnx`, table, ...flags, "--probabilities")
      assert.deepStrictEqual(report.predictions, largest(outputs))
      assert.deepStrictEqual(report.lines, [2, 3, 4, 5])
      assert.strictEqual(report.known!.rows, 4)
      const [header, first] = readFileSync(out, "utf8").split("\r\n")
      assert.match(header!, /^id,prediction,probability of 0,probability of 1,probability of 2$/)
      assert.match(first!, /^id-0,\d,0\.\d+/)
      // several values are several columns
      const more = ["--ignore", "remark", "--ignore", "class", "--ignore", "id"]
      const save = ["--task", "regression", "--save", out]
      yield* predict(`${golden}mlp-tanh.onnx`, table, ...more, ...save)
      assert.match(readFileSync(out, "utf8"), /^prediction 1,prediction 2,prediction 3\r\n/)
      assert.match(
        yield* refused("predict", `${golden}mlp-tanh.onnx`, table),
        /columns of words: "id", "remark"/,
      )
    }),
  )

  it.live(
    "reads images without labels, from IDX and from a folder of pictures, with their names",
    () =>
      Effect.gen(function* () {
        const description = {
          version: 1,
          input: [1, 4, 5],
          layers: ["flatten", { layer: "dense", name: "d" }],
        }
        const network = npz({
          "d.weight": array([2, 20], values(40)),
          "d.bias": array([2], [0.1, -0.1]),
        })
        const architecture = ["--architecture", file("net.json", JSON.stringify(description))]
        const pixels = Uint8Array.from({ length: 60 }, (_, i) => (37 * i) % 256)
        const idx = join(temporary(), "new-images-idx3-ubyte")
        writeFileSync(idx, Idx.encode({ sizes: [3, 4, 5], data: pixels }))
        const pictures = temporary()
        for (let k = 0; k < 3; k++) {
          const data = pixels.subarray(20 * k, 20 * (k + 1))
          const picture = { width: 5, height: 4, channels: 1, depth: 8, data } as const
          writeFileSync(join(pictures, `picture-${k}.png`), encodePng(picture))
        }
        const ofIdx = yield* predict(network, idx, ...architecture, "--task", "regression")
        assert.strictEqual(ofIdx.rows, 3)
        const out = join(temporary(), "out.csv")
        const regression = ["--task", "regression", "--save", out]
        const ofFolder = yield* predict(network, pictures, ...architecture, ...regression)
        close(ofFolder.predictions.flat(), ofIdx.predictions.flat() as Array<number>, 1e-12)
        const sum = (k: number) =>
          pixels
            .subarray(0, 20)
            .reduce((all, byte, i) => all + (byte / 255) * sample(20 * k + i), k === 0 ? 0.1 : -0.1)
        close([ofIdx.predictions[0]].flat(), [sum(0), sum(1)], 1e-9)
        assert.match(
          readFileSync(out, "utf8"),
          /^file,prediction 1,prediction 2\r\npicture-0\.png,/,
        )
        assert.match(
          yield* refused("certify", network, idx, ...architecture),
          /no such file|cannot be derived/,
        )
      }),
  )

  it.live("predicts by the last network of a folder, and compares all of them", () =>
    Effect.gen(function* () {
      const folder = temporary()
      copyFileSync(`${golden}conv.onnx`, join(folder, "net-9.onnx"))
      copyFileSync(`${golden}conv.onnx`, join(folder, "net-10.onnx"))
      const data = samples([2, 7, 6], true)
      const { checkpoints, known, predictions } = yield* predict(folder, data)
      assert.deepStrictEqual(
        checkpoints!.map(({ name }) => name),
        ["net-9.onnx", "net-10.onnx"],
      )
      assert.deepStrictEqual(checkpoints![1]!.known, known)
      assert.deepStrictEqual(predictions, (yield* predict(`${golden}conv.onnx`, data)).predictions)
      const { stdout } = yield* nonconvex([], ["predict", folder, data, "--quiet"])
      assert.match(stdout, /^folder {5}2 networks; the predictions are those of the last$/m)
      assert.match(stdout, /^ {11}net-9\.onnx: \d+\.\d % right$/m)
      const empty = join(temporary(), "empty")
      mkdirSync(empty)
      assert.match(yield* refused("predict", empty, data), /no checkpoint is a network/)
    }),
  )

  it.live("takes the test part of a shipped set", () =>
    Effect.gen(function* () {
      const save = join(temporary(), "diabetes.json")
      yield* train("diabetes", "--epochs", "1", "--method", "plain", "--save", save)
      const weights = values(10)
      const network = npz({ "d.weight": array([1, 10], weights), "d.bias": array([1], [150]) })
      const description = { version: 1, input: 10, layers: [{ layer: "dense", name: "d" }] }
      const architecture = ["--architecture", file("net.json", JSON.stringify(description))]
      const own = yield* predict(save, "diabetes")
      const report = yield* predict(network, "diabetes", ...architecture)
      assert.strictEqual(report.rows, own.rows)
      assert.isAbove(report.known!.rootMeanSquare!, 10)
    }),
  )

  it.live("refuses flags that say nothing, and data that do not fit", () =>
    Effect.gen(function* () {
      const { file: table, save } = yield* ofPatients("--method", "plain", "--epochs", "1")
      for (const flags of [
        ["--target", "x"],
        ["--task", "regression"],
        ["--ignore", "x"],
      ]) {
        assert.match(
          yield* refused("predict", save, table, ...flags),
          new RegExp(`${flags[0]} needs a network from another program`),
        )
      }
      assert.match(
        yield* refused("predict", save, table, "--rows", "3"),
        /--rows needs a network from another program/,
      )
      const network = `${golden}conv.onnx`
      assert.match(
        yield* refused("predict", network, samples([5])),
        /a sample has 5 numbers, but the network reads 7 x 6 x 2/,
      )
      const out = join(temporary(), "out.csv")
      assert.match(
        yield* refused("predict", network, samples([2, 7, 6]), "--copy", "id", "--save", out),
        /--copy needs a table/,
      )
      assert.match(
        yield* refused(
          "predict",
          network,
          samples([2, 7, 6]),
          "--task",
          "regression",
          "--probabilities",
        ),
        /--probabilities needs a network that predicts classes/,
      )
      assert.match(
        yield* refused("predict", `${golden}pickle.pt`, samples([5])),
        /safetensors|torch/,
      )
    }),
  )
})
