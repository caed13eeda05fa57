/** Samples in the order of a foreign network: the position of channels, and the kind of targets. */
import { assert, describe, it } from "@effect/vitest"
import type { Model } from "../../src/networks/Model.ts"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import { fit, type Samples } from "../../src/samples/Samples.ts"

const modelOf = (input: Architecture.Shape, layout: Model["layout"], outputs = 2): Model => {
  const blocks = [Block.flatten, Block.dense(outputs)]
  const architecture = Architecture.layered({ input, blocks })
  const parameters = new Float64Array(architecture.dimension)
  return {
    layout,
    input,
    blocks,
    architecture,
    parameters,
    layers: ["d"],
    tensors: [],
    fixed: [],
    notes: [],
  }
}
const image = { height: 1, width: 2, channels: 3 }
const vector = { height: 1, width: 1, channels: 6 }

const samples = (of: Partial<Samples>): Samples => ({
  path: "data",
  count: 1,
  shape: [6],
  channels: undefined,
  values: Float64Array.of(1, 2, 3, 4, 5, 6),
  targets: { _tag: "Numbers", values: Float64Array.of(1), width: 1 },
  notes: [],
  ...of,
})
const plain = { task: undefined, inputShift: undefined, inputScale: undefined }
const featuresOf = (model: Model, of: Partial<Samples>, reading = {}) => [
  ...fit(model, samples(of), { ...plain, ...reading }).features,
]

describe("inputs", () => {
  const turned = [1, 3, 5, 2, 4, 6]
  it("of images are those of the network, with channels last", () => {
    const [first, last] = [modelOf(image, "channels first"), modelOf(image, "channels last")]
    // two pixels of three channels: the shape tells
    for (const model of [first, last]) {
      assert.deepStrictEqual(featuresOf(model, { shape: [3, 1, 2] }), turned)
      assert.deepStrictEqual(featuresOf(model, { shape: [1, 2, 3] }), [1, 2, 3, 4, 5, 6])
    }
    // without a shape the program's order
    assert.deepStrictEqual(featuresOf(first, {}), turned)
    assert.deepStrictEqual(featuresOf(last, {}), [1, 2, 3, 4, 5, 6])
  })

  it("of pictures for a network on vectors are flattened as its program does", () => {
    const pixels: Partial<Samples> = { shape: [1, 2, 3], channels: "last" }
    const program = featuresOf(modelOf(vector, "channels first"), pixels)
    assert.deepStrictEqual(program, [1, 4, 2, 5, 3, 6])
    assert.deepStrictEqual(featuresOf(modelOf(vector, "channels last"), pixels), [1, 2, 3, 4, 5, 6])
    const cifar: Partial<Samples> = { shape: [3, 1, 2], channels: "first" }
    assert.deepStrictEqual(featuresOf(modelOf(vector, "channels first"), cifar), [1, 2, 3, 4, 5, 6])
    assert.deepStrictEqual(featuresOf(modelOf(vector, "channels last"), cifar), turned)
  })

  it("are shifted and scaled by channel", () => {
    const reading = { inputShift: [1, 0, 0], inputScale: [1, 2, 3] }
    const model = modelOf(image, "channels last")
    assert.deepStrictEqual(featuresOf(model, { shape: [1, 2, 3] }, reading), [0, 1, 1, 3, 2.5, 2])
  })

  it("of another size or order are refused", () => {
    const model = modelOf(image, "channels first")
    assert.throws(
      () => featuresOf(model, { shape: [2, 1, 3] }),
      /a sample has the shape 2 x 1 x 3, but the network reads 3 x 1 x 2/,
    )
    assert.throws(
      () => featuresOf(model, { shape: [5], values: Float64Array.of(1, 2, 3, 4, 5) }),
      /a sample has 5 numbers/,
    )
  })
})

describe("targets", () => {
  const model = modelOf(vector, "channels first", 3)
  const two = { count: 2, values: new Float64Array(12) }
  const targetsOf = (targets: Samples["targets"], reading = {}, of = model) =>
    fit(of, samples({ ...two, targets }), { ...plain, ...reading }).targets
  const rows = (width: number, ...values: ReadonlyArray<number>): Samples["targets"] => ({
    _tag: "Numbers",
    values: Float64Array.from(values),
    width,
  })

  it("are classes by number, by name, or as one 1 in a row, and else values", () => {
    assert.deepStrictEqual(targetsOf(rows(1, 2, 0)), Int32Array.of(2, 0))
    assert.deepStrictEqual(targetsOf(rows(3, 0, 0, 1, 1, 0, 0)), Int32Array.of(2, 0))
    assert.deepStrictEqual(
      targetsOf(rows(3, 0, 0, 1, 1, 0, 0), { task: "regression" }),
      Float64Array.of(0, 0, 1, 1, 0, 0),
    )
    assert.deepStrictEqual(
      targetsOf(rows(3, 0, 0.5, 1, 1, 0, 0)),
      Float64Array.of(0, 0.5, 1, 1, 0, 0),
    )
    const words = { _tag: "Words" as const, words: ["b", "a"] }
    assert.deepStrictEqual(
      targetsOf(words, {}, modelOf(vector, "channels first", 2)),
      Int32Array.of(1, 0),
    )
  })

  it("that do not fit are refused", () => {
    assert.throws(() => targetsOf(rows(1, 2, 3)), /the label of sample 1 is 3/)
    assert.throws(() => targetsOf(rows(1, 0.5, 1)), /the label of sample 0 is 0\.5/)
    assert.throws(
      () => targetsOf(rows(2, 1, 2, 3, 4)),
      /it has 2 values per sample, but the network has 3 outputs/,
    )
    assert.throws(
      () => targetsOf({ _tag: "Words", words: ["a", "b"] }),
      /it has 2 classes \("a", "b"\), but the network has 3 outputs/,
    )
    assert.throws(() => targetsOf(rows(3, 0, 0, Number.NaN, 1, 0, 0)), /target 2 is NaN/)
  })
})
