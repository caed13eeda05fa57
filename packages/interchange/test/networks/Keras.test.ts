/** Keras and TensorFlow.js configurations that are refused, by layer and name. */
import { assert, describe, it } from "vitest"
import { model } from "../../src/networks/keras/Config.ts"
import * as Tfjs from "../../src/networks/keras/Tfjs.ts"
import type { Tensor } from "../../src/networks/Tensor.ts"

interface LayerOptions {
  readonly class_name: string
  readonly config: Readonly<Record<string, unknown>>
  readonly inbound_nodes?: unknown
}

const input = { class_name: "InputLayer", config: { name: "in", batch_shape: [null, 4, 4, 1] } }
const conv = (name: string, config: object = {}): LayerOptions => ({
  class_name: "Conv2D",
  config: { name, use_bias: false, ...config },
})
const all: LayerOptions = { class_name: "GlobalAveragePooling2D", config: { name: "all" } }

const sequential = (...layers: ReadonlyArray<LayerOptions>) => ({
  class_name: "Sequential",
  config: { layers: [input, ...layers] },
})

/** A one-pixel kernel for every convolution. */
const weights =
  () =>
  (layer: string, part: string): Tensor | undefined =>
    part === "kernel"
      ? { name: `${layer}/kernel`, shape: [1, 1, 1, 1], values: Float64Array.of(2) }
      : undefined

const functional = (layers: ReadonlyArray<LayerOptions>, output: unknown = [["all", 0, 0]]) => ({
  class_name: "Functional",
  config: { layers: [input, ...layers], input_layers: [["in", 0, 0]], output_layers: output },
})
const after = (layer: LayerOptions, ...names: ReadonlyArray<string>): LayerOptions => ({
  ...layer,
  inbound_nodes: [names.map((name) => [name, 0, 0, {}])],
})
const add = (name: string): LayerOptions => ({ class_name: "Add", config: { name } })

describe("configurations", () => {
  it("of Keras 2, whose layers are named in lists, and of Keras 3, in histories", () => {
    const lists = [after(conv("a"), "in"), after(add("sum"), "a", "in"), after(all, "sum")]
    const histories = lists.map(({ inbound_nodes, ...layer }) => ({
      ...layer,
      inbound_nodes: (inbound_nodes as ReadonlyArray<ReadonlyArray<ReadonlyArray<unknown>>>).map(
        (names) => ({
          args: [names.map(([name]) => ({ config: { keras_history: [name, 0, 0] } }))],
          kwargs: {},
        }),
      ),
    }))
    const [a, b] = [lists, histories].map((layers) => model("net", functional(layers), weights))
    assert.strictEqual(a!.architecture.name, "4x4x1-(1x1x1)-mean of all")
    assert.deepStrictEqual(b!.architecture, a!.architecture)
  })

  const cases: ReadonlyArray<readonly [what: string, topology: unknown, message: RegExp]> = [
    ["no configuration", {}, /it has no configuration; save the whole model/],
    [
      "another kind of model",
      { class_name: "Custom", config: { layers: [input] } },
      /the operator "Custom" is not supported/,
    ],
    [
      "a layer that is not read",
      sequential({ class_name: "LSTM", config: { name: "l" } }),
      /layer "l": the operator "LSTM" is not supported/,
    ],
    [
      "a model in a model",
      sequential({ class_name: "Sequential", config: { name: "s" } }),
      /layer "s": the operator "Sequential"/,
    ],
    [
      "an activation of somebody's own",
      sequential(conv("a", { activation: "mish" }), all),
      /the operator "activation mish" is not supported/,
    ],
    [
      "channels first",
      sequential(conv("a", { data_format: "channels_first" }), all),
      /layer "a": its data_format is "\\"channels_first\\""; only channels_last/,
    ],
    ["dilation", sequential(conv("a", { dilation_rate: [2, 2] }), all), /its dilation_rate/],
    [
      "a bias that is not there",
      sequential(conv("a", { use_bias: true }), all),
      /layer "a": there is no tensor "bias"/,
    ],
    [
      "layers used twice",
      functional([{ ...conv("a"), inbound_nodes: [[["in", 0, 0, {}]], [["a", 0, 0, {}]]] }]),
      /it is used 2 times; .*tied/,
    ],
    [
      "two outputs",
      functional(
        [after(conv("a"), "in")],
        [
          ["a", 0, 0],
          ["in", 0, 0],
        ],
      ),
      /it has 2 outputs/,
    ],
    [
      "a circle",
      functional([after(add("sum"), "in", "b"), after(conv("b"), "sum"), after(all, "b")]),
      /layer "sum": it reads "b", which no earlier layer writes/,
    ],
    [
      "an input without a shape",
      { class_name: "Sequential", config: { layers: [conv("a")] } },
      /its input has the shape \?/,
    ],
    [
      "sides that are none",
      sequential({ class_name: "MaxPooling2D", config: { name: "p", pool_size: "2" } }),
      /its pool_size are not two integers/,
    ],
  ]
  it.each(cases)("refuse %s", (_what, topology, message) => {
    assert.throws(() => model("net", topology, weights), message)
  })
})

describe("TensorFlow.js", () => {
  const spec = { name: "a/kernel", shape: [1, 1, 1, 1], dtype: "float32" }
  const manifest = (paths: ReadonlyArray<string>, weight: object = {}): Tfjs.ModelJson => ({
    modelTopology: sequential(conv("a"), all),
    weightsManifest: [{ paths, weights: [{ ...spec, ...weight }] }],
  })
  const files = (size: number) => new Map([["w.bin", new Uint8Array(size)]])

  it("reads files beside the model and follows no path out of its folder", () => {
    assert.strictEqual(Tfjs.model("m", manifest(["w.bin"]), files(4)).parameters.length, 1)
    for (const path of [
      "../w.bin",
      "/etc/passwd",
      "https://example.org/w.bin",
      "a/../../w",
      "..",
      "\\w",
    ]) {
      assert.throws(() => Tfjs.filesOf("m", manifest([path])), /which is missing from its folder/)
    }
    assert.deepStrictEqual(Tfjs.filesOf("m", manifest(["./group1-shard1of1.bin"])), [
      "./group1-shard1of1.bin",
    ])
  })

  it("reads quantised weights as the numbers that TensorFlow.js computes with, and says so", () => {
    const quantization = { dtype: "uint8", scale: 0.5, min: -3 }
    const one = new Map([["w.bin", Uint8Array.of(10)]])
    const { notes, parameters } = Tfjs.model("m", manifest(["w.bin"], { quantization }), one)
    assert.deepStrictEqual([...parameters], [2])
    assert.match(notes.join(), /quantised/)
    const two = new Map([["w.bin", Uint8Array.of(1, 1)]])
    const wide = { quantization: { ...quantization, dtype: "uint16" } }
    assert.deepStrictEqual([...Tfjs.model("m", manifest(["w.bin"], wide), two).parameters], [125.5])
  })

  it("refuses weights that do not fit, of another type or more than there is memory for", () => {
    assert.throws(
      () => Tfjs.model("m", manifest(["w.bin"]), files(3)),
      /its bytes 0 to 4 are beyond the 3 bytes/,
    )
    assert.throws(
      () => Tfjs.model("m", manifest(["w.bin"]), files(8)),
      /has 4 bytes of "w\.bin", but 8 were found/,
    )
    assert.throws(
      () => Tfjs.model("m", manifest(["w.bin"], { quantization: { dtype: "int4" } }), files(4)),
      /type "int4", which is not supported/,
    )
    assert.throws(
      () => Tfjs.model("m", manifest(["w.bin"], { shape: [1e5, 1e4] }), files(4)),
      /has more than \d+ numbers/,
    )
    const graph = { ...manifest(["w.bin"]), format: "graph-model" }
    assert.throws(() => Tfjs.model("m", graph, files(4)), /it is a graph model/)
  })
})
