/** ResNet-8 as its file describes it. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import { resNet8 as ofProblems } from "@nonconvex/problems/network/ResNet"
import { Effect, FileSystem } from "effect"
import { tensorsAt, withFixed } from "../../src/networks/Model.ts"
import { resNet8 } from "../../src/networks/ResNet8.ts"
import { decode, encode, noteOf } from "../../src/networks/Safetensors.ts"
import * as ForeignNetwork from "../../src/node/ForeignNetwork.ts"
import { read } from "../../src/node/Networks.ts"

const input = { height: 12, width: 9, channels: 3 }
const classes = ["cat", "dog", "ship"]
const options = { input, classes, channels: 4 }

const drawn = (count: number, seed: number, least = 0): Float64Array => {
  const values = new Float64Array(count)
  RandomStream.make(Seed.root(seed)).fillUniform(values)
  return values.map((value) => least + value)
}

/** The network with numbers that all differ, and its file. */
const filled = () => {
  const empty = resNet8("net.safetensors", options)
  const count = empty.fixed.reduce((sum, { values }) => sum + values.length, 0)
  const model = withFixed(empty, drawn(count, 2, 0.5))
  const parameters = drawn(model.parameters.length, 1)
  return { model, parameters, bytes: ForeignNetwork.writerFor(".safetensors")!(model, parameters) }
}

const reading = (bytes: Uint8Array) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* fs.makeTempFileScoped({ suffix: ".safetensors" })
    yield* fs.writeFile(path, bytes)
    return yield* read(path)
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))

describe("ResNet-8", () => {
  it("is that of problems, with normalisations that are fixed", () => {
    const { architecture } = resNet8("net", options)
    const own = ofProblems({ input, classes: classes.length, channels: 4 })
    assert.strictEqual(architecture.name.replaceAll("frozen ", ""), own.name)
    assert.strictEqual(architecture.dimension, own.dimension)
    assert.deepStrictEqual(
      architecture.parts.map(({ begin, end }) => [begin, end]),
      own.parts.map(({ begin, end }) => [begin, end]),
    )
    assert.deepStrictEqual(
      resNet8("net", options).fixed.reduce((sum, { values }) => sum + values.length, 0),
      Architecture.statisticsLength(own),
    )
  })

  it("has the tensors of a PyTorch module by name and shape", () => {
    const { fixed, tensors } = resNet8("net", options)
    const shapes = Object.fromEntries(
      [...tensors, ...fixed].map(({ name, shape }) => [name, shape.join(" x ")]),
    )
    assert.deepInclude(shapes, {
      "conv1.weight": "4 x 3 x 3 x 3",
      "bn1.running_var": "4",
      "layer1.conv2.weight": "4 x 4 x 3 x 3",
      "layer2.conv1.weight": "8 x 4 x 3 x 3",
      "layer2.shortcut.0.weight": "8 x 4 x 1 x 1",
      "layer3.shortcut.1.running_mean": "16",
      "fc.weight": "3 x 16",
      "fc.bias": "3",
    })
  })

  it.effect("is read from its file without a description, bit for bit and with its classes", () =>
    Effect.gen(function* () {
      const { bytes, model, parameters } = filled()
      const { format, model: found } = yield* reading(bytes)
      assert.strictEqual(format, "safetensors")
      assert.deepStrictEqual(found.parameters, parameters)
      assert.deepStrictEqual(found.fixed, model.fixed)
      assert.deepStrictEqual([found.classes, found.loss], [classes, "cross entropy"])
    }),
  )

  it.effect(
    "is refused where its description is of another version, or names too few classes",
    () =>
      Effect.gen(function* () {
        const { bytes, model, parameters } = filled()
        const { description } = model
        const tensors = [...tensorsAt(model, parameters), ...model.fixed]
        assert.deepStrictEqual([...decode(bytes, "net").values()], tensors)
        const note = noteOf(bytes, "net")!
        assert.strictEqual(note, JSON.stringify(description))
        const described = JSON.parse(note) as object
        const changed = (change: object): string => JSON.stringify({ ...described, ...change })
        for (const [text, message] of [
          [changed({ version: 9 }), /not a description of layers/],
          ["{", /not a description of layers/],
          [changed({ classes: ["cat"] }), /names 1 classes, but .* 3 outputs/],
        ] as const) {
          const error = yield* Effect.flip(reading(encode(tensors, text)))
          assert.match(error.message, message)
        }
        const { message } = yield* Effect.flip(reading(encode(tensors)))
        assert.match(message, /it has only weights/)
      }),
  )
})
