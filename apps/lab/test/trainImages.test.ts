/** train --network resnet8 on images in every form, and what reads its file. */
import { assert, describe, it } from "@effect/vitest"
import { encodeNpz } from "@nonconvex/interchange/node"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { Effect, Schema } from "effect"
import { encode as encodePng } from "fast-png"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { PredictReport } from "../src/data/predict/PredictReport.ts"
import { TrainReport } from "../src/data/train/TrainReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decoder = <A, I>(schema: Schema.Codec<A, I>) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(schema)))
const decode = { train: decoder(TrainReport), predict: decoder(PredictReport) }

const answer = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* nonconvex([], [...args, "--json", "--quiet"])
  assert.strictEqual(code, 0, stderr)
  return stdout
})

const small = ["--network", "resnet8", "--channels", "2", "--method", "plain"]
const short = [...small, "--epochs", "6"]

const trainWith = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  return yield* decode.train(yield* answer("train", ...args))
})
const train = (...args: ReadonlyArray<string>) => trainWith(...short, ...args)

const [rows, height, width] = [90, 8, 10]

/** Stripes across, along and slanting, as bytes of `colours` channels that are equal. */
const pictures = (): { readonly bytes: Uint8Array; readonly labels: ReadonlyArray<number> } => {
  const stream = RandomStream.make(Seed.root(5))
  const noise = new Float64Array(rows * height * width)
  stream.fillNormal(noise)
  const labels = Array.from({ length: rows }, (_, i) => i % 3)
  const bytes = Uint8Array.from(noise, (each, k) => {
    const [row, pixel] = [Math.floor(k / (height * width)), k % (height * width)]
    const [y, x] = [Math.floor(pixel / width), pixel % width]
    const at = [y, x, x + y][labels[row]!]! + row
    return Math.max(0, Math.min(255, 128 + 90 * (at % 4 < 2 ? 1 : -1) + 12 * each))
  })
  return { bytes, labels }
}

const { bytes, labels } = pictures()
const values = Float64Array.from(bytes, (byte) => byte / 255)

const npz = (shape: ReadonlyArray<number>, x: Float64Array, y: ReadonlyArray<number>): string => {
  const path = join(temporary(), "images.npz")
  const arrays = [
    { name: "x", shape, values: x },
    { name: "y", shape: [rows], values: Float64Array.from(y) },
  ]
  writeFileSync(path, encodeNpz(arrays))
  return path
}

const grey = (): string => npz([rows, height, width], values, labels)

const repeated = (place: "first" | "last"): Float64Array => {
  const size = height * width
  return Float64Array.from({ length: 3 * values.length }, (_, k) =>
    place === "last"
      ? values[Math.floor(k / 3)]!
      : values[Math.floor(k / (3 * size)) * size + (k % size)]!,
  )
}

/** A folder for each class. */
const folder = (): string => {
  const path = temporary()
  labels.forEach((label, i) => {
    const own = join(path, ["across", "along", "slanting"][label]!)
    mkdirSync(own, { recursive: true })
    const data = bytes.slice(i * height * width, (i + 1) * height * width)
    writeFileSync(join(own, `${i}.png`), encodePng({ width, height, data, channels: 1, depth: 8 }))
  })
  return path
}

/** Images and labels in IDX. */
const idx = (): string => {
  const path = temporary()
  const file = (sizes: ReadonlyArray<number>, data: Uint8Array): Uint8Array => {
    const head = new DataView(new ArrayBuffer(4 + 4 * sizes.length))
    head.setUint32(0, 0x0800 + sizes.length)
    sizes.forEach((size, k) => head.setUint32(4 + 4 * k, size))
    return new Uint8Array([...new Uint8Array(head.buffer), ...data])
  }
  const images = join(path, "own-images-idx3-ubyte")
  writeFileSync(images, file([rows, height, width], bytes))
  writeFileSync(join(path, "own-labels-idx1-ubyte"), file([rows], Uint8Array.from(labels)))
  return images
}

describe("train --network resnet8", () => {
  it.live("learns classes from grey images, and says what it read and took for granted", () =>
    Effect.gen(function* () {
      const found = yield* trainWith(grey(), ...small, "--epochs", "40")
      assert.match(found.network, /^ResNet-8 with 2 channels .* on images of 8 x 10 x 1$/)
      assert.isAbove(found.test._tag === "Accuracy" ? found.test.accuracy : 0, 0.8)
      assert.deepStrictEqual(found.data.images, [
        `samples are array "x", 90 x 8 x 10, and targets "y"`,
      ])
      assert.includeMembers([...found.assumed], ["--base adamw", "--test-fraction 0.2"])
      assert.isUndefined(found.sharpness)
      assert.deepStrictEqual([found.data.trainSamples, found.data.testSamples], [72, 18])
    }),
  )

  it.live(
    "is the same training for the same images in IDX, and as rows, whatever the place of the channels",
    () =>
      Effect.gen(function* () {
        const losses = (report: TrainReport) => report.epochs.map(({ loss }) => loss)
        const one = losses(yield* train(grey()))
        assert.deepStrictEqual(losses(yield* train(idx())), one)
        const [first, last] = [
          yield* train(npz([rows, 3, height, width], repeated("first"), labels)),
          yield* train(npz([rows, height, width, 3], repeated("last"), labels)),
        ]
        assert.deepStrictEqual(losses(first), losses(last))
        assert.match(first.network, /8 x 10 x 3$/)
      }),
  )

  it.live("saves what predict and certify read without a word, with the names of the classes", () =>
    Effect.gen(function* () {
      const data = folder()
      const save = join(temporary(), "net.safetensors")
      const trained = yield* train(data, "--save", save)
      assert.deepStrictEqual(
        trained.recall?.map((each) => each.class),
        ["across", "along", "slanting"],
      )
      const { classes, known, predictions } = yield* decode.predict(
        yield* answer("predict", save, data),
      )
      assert.deepStrictEqual(classes, ["across", "along", "slanting"])
      assert.strictEqual(predictions.length, rows)
      const right = [trained.train, trained.test].map((part) =>
        part._tag === "Accuracy" ? part.accuracy : 0,
      )
      const share = (72 * right[0]! + 18 * right[1]!) / rows
      assert.closeTo(known !== undefined && "accuracy" in known ? known.accuracy : 0, share, 1e-12)
      // pictures of one class alone have names that the network knows
      const some = yield* decode.predict(yield* answer("predict", save, join(data, "along")))
      assert.isTrue(some.predictions.every((each) => classes.includes(String(each))))
      const certified = JSON.parse(
        yield* answer("certify", save, data, "--measures", "trace,top"),
      ) as { readonly dimension?: number }
      assert.strictEqual(certified.dimension, trained.parameters)
    }),
  )

  it.live("goes on from its file in double precision, and keeps the description", () =>
    Effect.gen(function* () {
      const [one, two] = ["one", "two"].map((name) => join(temporary(), `${name}.safetensors`))
      const data = grey()
      const before = yield* train(data, "--save", one!)
      const args = ["--from", one!, "--epochs", "1", "--learning-rate", "0.001", "--save", two!]
      const after = yield* decode.train(yield* answer("train", data, ...args))
      assert.isBelow(after.epochs[0]!.loss, before.epochs[0]!.loss)
      assert.isDefined(after.sharpness)
      const { known } = yield* decode.predict(yield* answer("predict", two!, data))
      assert.isDefined(known)
    }),
  )

  it.live("has the classes that the file has, whatever their numbers", () =>
    Effect.gen(function* () {
      const found = yield* train(
        npz(
          [rows, height, width],
          values,
          labels.map((label) => [7, 10, 2][label]!),
        ),
      )
      assert.deepStrictEqual(
        found.recall?.map((each) => each.class),
        ["2", "7", "10"],
      )
    }),
  )

  it.live.each<readonly [string, () => string, ReadonlyArray<string>, RegExp]>([
    ["a width", grey, ["--hidden", "3"], /^nonconvex: --hidden allows no --network/],
    [
      "a file of JSON",
      grey,
      ["--save", "net.json"],
      /--save needs a file that ends with .safetensors/,
    ],
    ["a batch of one", grey, ["--batch", "1"], /--batch needs 2 images or more/],
    ["groups", grey, ["--group-size", "4"], /--group-size allows no --network/],
    [
      "values",
      () => npz([rows, 8, 10], values, [...values.subarray(0, rows)]),
      [],
      /the target of image 0 is 0\.\d+; give a class for each image/,
    ],
    [
      "one class",
      () =>
        npz(
          [rows, 8, 10],
          values,
          labels.map(() => 4),
        ),
      [],
      /all its images have the class 4/,
    ],
    [
      "rows that are no square",
      () => npz([rows, 80], values, labels),
      [],
      /80 numbers, which is no square image/,
    ],
    [
      "channels anywhere",
      () => npz([rows, 4, 5, 4], values, labels),
      [],
      /4 x 5 x 4, whose channels are not clear/,
    ],
    ["a set of values", () => "diabetes", [], /198 different values; give a class/],
    [
      "the target of a bundled set",
      () => "digits",
      ["--target", "x"],
      /--target needs images in a file/,
    ],
    ["nothing", () => "none.npz", [], /none\.npz: no such file/],
  ])("refuses %s in one line", ([, data, args, message]) =>
    Effect.gen(function* () {
      const { code, stderr } = yield* nonconvex([], ["train", data(), ...short, ...args, "--quiet"])
      assert.strictEqual(code, 1)
      assert.match(stderr.trim(), message)
      assert.strictEqual(stderr.trim().split("\n").length, 1)
      assert.isFalse(existsSync("net.json"))
    }),
  )

  it.live("needs --network for channels, and no file to write where it was refused", () =>
    Effect.gen(function* () {
      const save = join(temporary(), "net.safetensors")
      const { code, stderr } = yield* nonconvex(
        [],
        ["train", grey(), "--channels", "3", "--save", save, "--quiet"],
      )
      assert.deepStrictEqual([code, stderr.trim()], [1, "nonconvex: --channels needs --network"])
      assert.throws(() => readFileSync(save))
    }),
  )
})
