/** Networks of other programs from the command line, with their data in every form: certify, and each layer. */
import { assert, describe, it } from "@effect/vitest"
import * as Idx from "@nonconvex/datasets/Idx"
import { Effect, Schema } from "effect"
import { encode as encodePng } from "fast-png"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CertifyReport } from "../src/data/certify/CertifyReport.ts"
import { temporary } from "./support/Folders.ts"
import { array, file, golden, labels, npz, sample } from "./support/Foreign.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(CertifyReport)))

const certify = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  // tolerances that the point meets at once: what is asked is how it was read
  const wide = ["--loss-tolerance", "100", "--residual-tolerance", "100", "--json", "--quiet"]
  const { code, stderr, stdout } = yield* nonconvex([], ["certify", ...args, ...wide])
  assert.strictEqual(code, 0, stderr)
  return yield* decode(stdout)
})

const goldenLoss = (name: string): number =>
  (JSON.parse(readFileSync(`${golden}golden.json`, "utf8")) as Record<string, { loss: number }>)[
    name
  ]!.loss

describe("certify with networks of other programs", () => {
  it.live("has the loss of PyTorch, of channels first and last, and each layer by its name", () =>
    Effect.gen(function* () {
      const values = Array.from({ length: 4 * 84 }, (_, i) => sample(i))
      const first = npz({ x: array([4, 2, 7, 6], values), y: array([4], labels) })
      const turned = values.map((_, k) => {
        const [row, at] = [Math.floor(k / 84), k % 84]
        return values[row * 84 + (at % 2) * 42 + Math.floor(at / 2)]!
      })
      const last = npz({ x: array([4, 7, 6, 2], turned), y: array([4], labels) })
      const described = ["--architecture", `${golden}conv.net.json`]
      const report = yield* certify(
        `${golden}conv.safetensors`,
        first,
        ...described,
        "--by",
        "layer",
      )
      assert.closeTo(report.certificate.loss, goldenLoss("conv"), 1e-12)
      assert.deepStrictEqual(
        report.layers!.map(({ layer }) => layer),
        ["0", "1", "4", "8", "10", "11"],
      )
      // the whole spectrum gives the trace, and the layers add up to it
      const sum = report.layers!.reduce((all, { trace }) => all + trace.estimate, 0)
      assert.closeTo(sum, report.certificate.trace.estimate, 1e-12)
      for (const { topEigenvalue, residual } of report.layers!) {
        assert.isAtMost(topEigenvalue, report.certificate.topEigenvalue + residual + 1e-12)
      }
      for (const args of [
        [`${golden}conv.npz`, last, ...described],
        [`${golden}conv.onnx`, last],
        [`${golden}conv.onnx`, first],
      ]) {
        const other = yield* certify(...args)
        assert.closeTo(other.certificate.loss, report.certificate.loss, 1e-12)
        assert.strictEqual(other.certificate.dimension, 368)
      }
    }),
  )

  it.live("says how it read, and a table by layers", () =>
    Effect.gen(function* () {
      const data = npz({
        x: array(
          [4, 5],
          Array.from({ length: 20 }, (_, i) => sample(i)),
        ),
        y: array([4, 3], [1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1]),
      })
      const { code, stdout } = yield* nonconvex(
        [],
        [
          "certify",
          `${golden}mlp.keras`,
          data,
          "--by",
          "layer",
          "--quiet",
          "--loss-tolerance",
          "100",
        ],
      )
      assert.strictEqual(code, 0)
      assert.match(stdout, /^read {11}keras, on 4 samples$/m)
      assert.match(stdout, /^ {15}dropout and noise are ignored, as in prediction$/m)
      assert.match(stdout, /softmax of "dense_2" at the end is removed/)
      assert.match(stdout, /^ {15}targets are one-hot rows, read as classes$/m)
      assert.match(stdout, /^LAYER +PARAMETERS +TRACE +TOP EIGENVALUE$/m)
      assert.match(stdout, /^dense_1 +54 +-?[\d.e-]+ ± 0 \(exact\) +[\d.e-]+ ± [\d.e-]+$/m)
    }),
  )

  it.live("reads the same images from IDX, PNG and arrays of bytes", () =>
    Effect.gen(function* () {
      // 1 x 4 x 5 pixels and two classes
      const description = {
        version: 1,
        input: [1, 4, 5],
        layers: [
          { layer: "convolution", name: "c" },
          "tanh",
          "flatten",
          { layer: "dense", name: "d" },
        ],
      }
      const wave = (count: number) => Array.from({ length: count }, (_, i) => Math.sin(1 + i))
      const network = npz({
        "c.weight": array([2, 1, 2, 2], wave(8)),
        "c.bias": array([2], wave(2)),
        "d.weight": array([2, 24], wave(48)),
        "d.bias": array([2], wave(2)),
      })
      const architecture = ["--architecture", file("net.json", JSON.stringify(description))]
      const pixels = Uint8Array.from({ length: 4 * 20 }, (_, i) => (37 * i) % 256)
      const classes = [0, 1, 0, 1]
      const folder = temporary()
      writeFileSync(
        join(folder, "some-images-idx3-ubyte"),
        Idx.encode({ sizes: [4, 4, 5], data: pixels }),
      )
      writeFileSync(
        join(folder, "some-labels-idx1-ubyte"),
        Idx.encode({ sizes: [4], data: Uint8Array.from(classes) }),
      )
      const pictures = temporary()
      for (const [k, label] of classes.entries()) {
        mkdirSync(join(pictures, `class-${label}`), { recursive: true })
        const data = pixels.subarray(20 * k, 20 * (k + 1))
        writeFileSync(
          join(pictures, `class-${label}`, `${k}.png`),
          encodePng({ width: 5, height: 4, channels: 1, depth: 8, data }),
        )
      }
      const arrays = npz({
        images: array(
          [4, 4, 5],
          [...pixels].map((byte) => byte / 255),
        ),
        labels: array([4], classes),
      })
      const losses: Array<number> = []
      for (const data of [join(folder, "some-images-idx3-ubyte"), pictures, arrays]) {
        losses.push((yield* certify(network, data, ...architecture)).certificate.loss)
      }
      assert.closeTo(losses[1]!, losses[0]!, 1e-12)
      assert.closeTo(losses[2]!, losses[0]!, 1e-12)
      const scaled = [...architecture, "--input-shift", "0.5", "--input-scale", "0.25"]
      const other = (yield* certify(network, pictures, ...scaled)).certificate.loss
      const moved = npz({
        images: array(
          [4, 1, 4, 5],
          [...pixels].map((byte) => (byte / 255 - 0.5) / 0.25),
        ),
        labels: array([4], classes),
      })
      assert.closeTo(
        (yield* certify(network, moved, ...architecture)).certificate.loss,
        other,
        1e-12,
      )
      assert.isAbove(Math.abs(other - losses[0]!), 1e-3)
    }),
  )

  it.live("reads CIFAR-10's files, whose channels come first", () =>
    Effect.gen(function* () {
      const description = {
        version: 1,
        from: "keras",
        input: [32, 32, 3],
        layers: [
          { layer: "convolution", name: "c", stride: 16 },
          { layer: "average pool", size: "image" },
          { layer: "dense", name: "d" },
        ],
      }
      const wave = (count: number) => Array.from({ length: count }, (_, i) => Math.sin(1 + i))
      const network = npz({
        "c/kernel": array([1, 1, 3, 2], wave(6)),
        "d/kernel": array([2, 10], wave(20)),
        "d/bias": array([10], wave(10)),
      })
      const record = (label: number, seed: number) =>
        Uint8Array.from({ length: 3073 }, (_, i) => (i === 0 ? label : (seed * i) % 256))
      const records = [record(3, 7), record(9, 11)]
      const data = file("data_batch_1.bin", Buffer.concat(records))
      const architecture = ["--architecture", file("net.json", JSON.stringify(description))]
      const { certificate } = yield* certify(network, data, ...architecture)
      const first = records.flatMap((bytes) => [...bytes.subarray(1)].map((byte) => byte / 255))
      const arrays = npz({ x: array([2, 3, 32, 32], first), y: array([2], [3, 9]) })
      assert.closeTo(
        (yield* certify(network, arrays, ...architecture)).certificate.loss,
        certificate.loss,
        1e-12,
      )
    }),
  )

  it.live("reads tables as they stand, values too", () =>
    Effect.gen(function* () {
      const network = npz({ "d.weight": array([1, 2], [2, -1]), "d.bias": array([1], [0.5]) })
      const layers = [{ layer: "dense", name: "d" }]
      const architecture = file("net.json", JSON.stringify({ version: 1, input: 2, layers }))
      const table = file("data.csv", "a,b,y\n1,2,1\n3,1,5\n-1,0,0\n")
      const report = yield* certify(network, table, "--target", "y", "--architecture", architecture)
      // errors -0.5, 0.5 and -1.5
      assert.closeTo(report.certificate.loss, (0.25 + 0.25 + 2.25) / 6, 1e-15)
      assert.match(report.source!.notes.join(), /half of torch.nn.MSELoss/)
    }),
  )

  it.live("judges one output for two classes by the binary cross entropy of its logit", () =>
    Effect.gen(function* () {
      const network = npz({ "d.weight": array([1, 2], [2, -1]), "d.bias": array([1], [0.5]) })
      const layers = (last: ReadonlyArray<string>) =>
        file(
          "net.json",
          JSON.stringify({
            version: 1,
            input: 2,
            layers: [{ layer: "dense", name: "d" }, ...last],
          }),
        )
      const data = npz({ x: array([3, 2], [1, 2, 3, 1, -1, 0]), y: array([3], [1, 1, 0]) })
      const words = file("data.csv", "a,b,y\n1,2,yes\n3,1,yes\n-1,0,no\n")
      // logits 0.5, 5.5 and -1.5, of classes 1, 1 and 0
      const expected = [-0.5, -5.5, -1.5].reduce((sum, f) => sum + Math.log1p(Math.exp(f)), 0) / 3
      for (const args of [
        [data, "--architecture", layers([]), "--task", "classification"],
        [data, "--architecture", layers(["sigmoid"])],
        [words, "--target", "y", "--architecture", layers([])],
      ]) {
        const report = yield* certify(network, ...args)
        assert.closeTo(report.certificate.loss, expected, 1e-15)
        assert.match(report.network, /logistic loss/)
      }
    }),
  )
})
