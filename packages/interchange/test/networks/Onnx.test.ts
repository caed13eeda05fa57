/** ONNX graphs: activations of several nodes, and refusals by name and place. */
import { assert, describe, it } from "vitest"
import { externalFiles, read } from "../../src/networks/onnx/Onnx.ts"
import { type ModelOptions, write } from "../support/OnnxWriter.ts"

const square = { shape: [2, 2], values: [1, 2, 3, 4] }
const dense = { op: "MatMul", reads: ["x", "w"], writes: "y" }
const small: ModelOptions = { nodes: [dense], tensors: { w: square } }

const model = (options: ModelOptions) => read(write(options), "net.onnx")

describe("graphs", () => {
  it("a product and a sum are a dense layer with a bias, whose rows are inputs", () => {
    const { blocks, layers, parameters } = model({
      nodes: [
        { ...dense, writes: "h" },
        { op: "Add", reads: ["b", "h"], writes: "y" },
      ],
      tensors: { w: square, b: { shape: [2], values: [5, 6] } },
    })
    assert.deepStrictEqual(blocks, [{ _tag: "Dense", outputs: 2, bias: true }])
    assert.deepStrictEqual([...parameters], [1, 3, 2, 4, 5, 6])
    assert.deepStrictEqual(layers, ["w"])
  })

  it("sums are residual blocks, one within another", () => {
    const { architecture } = model({
      nodes: [
        { op: "Gemm", reads: ["x", "a"], writes: "1" },
        { op: "Tanh", reads: ["1"], writes: "2" },
        { op: "Gemm", reads: ["2", "b"], writes: "3" },
        { op: "Add", reads: ["3", "1"], writes: "4" },
        { op: "Add", reads: ["4", "x"], writes: "5" },
        { op: "Gemm", reads: ["5", "c"], writes: "6" },
        { op: "LogSoftmax", reads: ["6"], writes: "y" },
      ],
      tensors: { a: square, b: square, c: square },
    })
    assert.strictEqual(architecture.name, "2-(2-(tanh-2))-2")
    assert.strictEqual(architecture.dimension, 12)
  })

  it("tensors that are stored once are those of several layers by other names", () => {
    const { layers, parameters } = model({
      nodes: [
        { op: "Identity", reads: ["a"], writes: "second" },
        { op: "Gemm", reads: ["x", "a"], writes: "1" },
        { op: "Gemm", reads: ["1", "second"], writes: "y" },
      ],
      tensors: { a: square },
    })
    assert.deepStrictEqual(layers, ["a", "second"])
    assert.deepStrictEqual([...parameters], [1, 3, 2, 4, 1, 3, 2, 4])
  })

  it("the weights of a network are floating-point numbers of any width", () => {
    const half = { shape: [2, 2], type: 10, values: [] }
    // 1, -2, 0.5 and the smallest normal number, in the bits of float16: two of them are one float32 here
    const bits = new Float32Array(new Uint16Array([0x3c00, 0xc000, 0x3800, 0x0400]).buffer)
    const { parameters } = model({ ...small, tensors: { w: { ...half, values: [...bits] } } })
    assert.deepStrictEqual([...parameters], [1, 0.5, -2, 2 ** -14])
  })
})

describe("refusals", () => {
  const cases: ReadonlyArray<readonly [what: string, options: ModelOptions, message: RegExp]> = [
    [
      "an operator that is not read",
      { ...small, nodes: [{ op: "LSTM", reads: ["x", "w"], writes: "y" }] },
      /node 0: the operator "LSTM" is not supported; supported are: Gemm, .*--oracle/,
    ],
    [
      "an operator of another domain",
      { ...small, nodes: [{ ...dense, domain: "com.microsoft" }] },
      /"com\.microsoft\.MatMul" is not supported/,
    ],
    [
      "a circle",
      {
        nodes: [
          { op: "Add", reads: ["x", "z"], writes: "h" },
          { op: "Gemm", reads: ["h", "w"], writes: "z" },
        ],
        output: "z",
        tensors: { w: square },
      },
      /node 0: it reads "z", which no earlier layer writes; the graph is incomplete, out of order or cyclic/,
    ],
    [
      "a value that is written twice",
      { ...small, nodes: [dense, { op: "Relu", reads: ["x"], writes: "y" }] },
      /writes "y", which an earlier layer also writes/,
    ],
    [
      "weights of two layers",
      {
        nodes: [
          { ...dense, writes: "h" },
          { op: "MatMul", reads: ["h", "w"], writes: "y" },
        ],
        tensors: { w: square },
      },
      /tensor "w" is also used by layer "w"; tied weights are not supported/,
    ],
    [
      "branches that do not nest",
      {
        nodes: [
          { op: "Gemm", reads: ["x", "a"], writes: "h" },
          { op: "Tanh", reads: ["h"], writes: "t" },
          { op: "Add", reads: ["t", "x"], writes: "s" },
          { op: "Relu", reads: ["h"], writes: "r" },
          { op: "Add", reads: ["s", "r"], writes: "y" },
        ],
        tensors: { a: square },
      },
      /its branches do not join in one sum/,
    ],
    [
      "another shape",
      { ...small, tensors: { w: { shape: [3, 1], values: [1, 2, 3] } } },
      /tensor "w" has the shape 3 x 1, and 2 x outputs is required/,
    ],
    [
      "a thousand million numbers",
      { ...small, tensors: { w: { shape: [31_623, 31_623] } } },
      /tensor "w": its shape 31623 x 31623 has more than \d+ numbers/,
    ],
    [
      "fewer numbers than its shape",
      { ...small, tensors: { w: { shape: [2, 2], values: [1] } } },
      /its shape 2 x 2 has 16 bytes, but 4 were found/,
    ],
    [
      "numbers that are not finite",
      { ...small, tensors: { w: { shape: [2, 2], values: [1, 2, Number.NaN, 4] } } },
      /tensor "w": element 2 is NaN/,
    ],
    ["integers", { ...small, tensors: { w: { ...square, type: 3 } } }, /ONNX type 3; .*quantised/],
    [
      "weights outside of the folder",
      { ...small, tensors: { w: { shape: [2, 2], external: { location: "../secret" } } } },
      /it is stored in "\.\.\/secret", outside the model's folder; files outside/,
    ],
    [
      "weights at an absolute path",
      { ...small, tensors: { w: { shape: [2, 2], external: { location: "/etc/passwd" } } } },
      /"\/etc\/passwd", outside the model's folder/,
    ],
    [
      "an offset that is no count",
      {
        ...small,
        tensors: { w: { shape: [2, 2], external: { location: "w.bin", offset: "-8" } } },
      },
      /its offset "-8" is not a number of bytes/,
    ],
    [
      "an input without a size",
      { ...small, input: ["n", "k"] },
      /its input "x" has the shape \? x \?/,
    ],
    [
      "groups of channels",
      {
        input: ["n", 2, 3, 3],
        nodes: [{ op: "Conv", reads: ["x", "w"], writes: "y", ints: { group: 2 } }],
        tensors: { w: { shape: [4, 1, 1, 1], values: [1, 2, 3, 4] } },
      },
      /node 0: group of Conv is 2; only 1 is supported/,
    ],
    [
      "dilation",
      {
        input: ["n", 1, 3, 3],
        nodes: [{ op: "Conv", reads: ["x", "w"], writes: "y", ints: { dilations: [2, 2] } }],
        tensors: { w: { shape: [1, 1, 1, 1], values: [1] } },
      },
      /dilations of Conv is 2, 2; only 1 is supported/,
    ],
    [
      "a softmax within",
      {
        nodes: [
          { op: "Softmax", reads: ["x"], writes: "s" },
          { ...dense, reads: ["s", "w"] },
        ],
        tensors: { w: square },
      },
      /Softmax is not the last layer/,
    ],
    [
      "an end in an image",
      {
        input: ["n", 1, 2, 2],
        nodes: [{ op: "Conv", reads: ["x", "w"], writes: "y" }],
        tensors: { w: { shape: [1, 1, 1, 1], values: [1] } },
      },
      /it ends in an image of 2 x 2 pixels/,
    ],
    [
      "no parameters",
      { nodes: [{ op: "Relu", reads: ["x"], writes: "y" }], tensors: {} },
      /it has no parameters/,
    ],
  ]
  it.each(cases)("%s", (_what, options, message) => {
    const bytes = write(options)
    assert.throws(() => {
      const files = externalFiles(bytes, "net.onnx")
      read(bytes, "net.onnx", new Map([...files].map((name) => [name, new Uint8Array(16)])))
    }, message)
  })

  it("a file that is cut off anywhere", () => {
    const whole = write(small)
    for (let length = 0; length < whole.length; length++) {
      assert.throws(() => read(whole.subarray(0, length), "net.onnx"), /net\.onnx: .+; .+/)
    }
  })

  it("weights that end before they do, and files that are not there", () => {
    const external = { location: "w.bin", offset: "8", length: "16" }
    const bytes = write({ ...small, tensors: { w: { shape: [2, 2], external } } })
    const files = (size: number) => new Map([["w.bin", new Uint8Array(size)]])
    assert.throws(
      () => read(bytes, "net.onnx", files(23)),
      /"w\.bin" has 23 bytes, but the tensor is at bytes 8 to 24/,
    )
    assert.throws(() => read(bytes, "net.onnx"), /there is no file "w\.bin" next to the model/)
    assert.strictEqual(read(bytes, "net.onnx", files(24)).architecture.dimension, 4)
  })
})
