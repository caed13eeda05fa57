/** Whole files: distinguished by their bytes, and refused if there is nothing to read or if they would run code. */
import { NodeServices } from "@effect/platform-node"
import { Effect, Schema } from "effect"
import { zipSync } from "fflate"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "vitest"
import { Description } from "../../src/networks/Description.ts"
import { read } from "../../src/node/Networks.ts"
import { descriptionOf, folder, modelOf } from "../support/Models.ts"

const scratch = mkdtempSync(join(tmpdir(), "nonconvex-"))
afterAll(() => rmSync(scratch, { recursive: true }))

const refusal = (bytes: Uint8Array | string, description?: Description): Promise<string> => {
  const path = join(scratch, "input")
  writeFileSync(path, bytes)
  return read(path, description).pipe(
    Effect.flip,
    Effect.map(({ message }) => message),
    Effect.provide(NodeServices.layer),
    Effect.runPromise,
  )
}

/** An array of version 1.0 with this header and this many bytes. */
const npy = (descr: string, shape: string, data: number): Uint8Array => {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117)
  const bytes = new Uint8Array(10 + header.length + 1 + data)
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length + 1])
  bytes.set(new TextEncoder().encode(`${header}\n`), 10)
  return bytes
}

describe("files", () => {
  it("are told apart by their bytes", async () => {
    const [plain, packed] = [await modelOf("mlp.keras"), await modelOf("mlp.h5")]
    assert.deepStrictEqual(packed.parameters, plain.parameters)
    assert.deepStrictEqual(packed.layers, plain.layers)
  })

  const description = descriptionOf("mlp-tanh")
  const cases: ReadonlyArray<
    readonly [what: string, bytes: Uint8Array | string, described: boolean, message: RegExp]
  > = [
    ["nothing", "", false, /it is empty; give safetensors/],
    ["a text", "hello", false, /not a network in a supported format/],
    ["JSON of something else", '{"a": 1}', false, /not a model\.json of TensorFlow\.js/],
    ["a pickle", Uint8Array.of(0x80, 4, 0x95, 0), false, /it is a pickle, which can run code/],
    [
      "a pickle in an archive",
      zipSync({ "archive/data.pkl": Uint8Array.of(0x80, 2) }),
      false,
      /safetensors\.torch/,
    ],
    [
      "objects in an array",
      zipSync({ "0.weight.npy": npy("|O", "2,", 4) }),
      true,
      /array "0\.weight": its type \|O is not supported; it holds Python objects, whose file can run code/,
    ],
    [
      "integers",
      zipSync({ "0.weight.npy": npy("<i4", "1,", 4) }),
      true,
      /array "0\.weight": its type is <i4; weights must be floating-point/,
    ],
    [
      "a thousand million numbers",
      zipSync({ "0.weight.npy": npy("<f4", "100000, 10000", 4) }),
      true,
      /has more than \d+ elements/,
    ],
    [
      "weights without a description",
      readFileSync(`${folder}conv.npz`),
      false,
      /it has only weights: .*--architecture net\.json/,
    ],
    [
      "a description of a graph",
      readFileSync(`${folder}conv.onnx`),
      true,
      /it describes its own layers/,
    ],
    [
      "an archive of something else",
      zipSync({ "readme.txt": new Uint8Array(3) }),
      true,
      /not a NumPy array/,
    ],
    [
      "Keras without weights",
      zipSync({ "config.json": new TextEncoder().encode("{}") }),
      false,
      /no member model\.weights\.h5/,
    ],
    [
      "HDF5 that is cut off",
      readFileSync(`${folder}mlp.h5`).subarray(0, 900),
      false,
      /its HDF5 is damaged/,
    ],
    [
      "HDF5 of weights alone",
      // the attribute is called otherwise
      Buffer.from(
        readFileSync(`${folder}mlp.h5`)
          .toString("latin1")
          .replaceAll("model_config", "model_xonfig"),
        "latin1",
      ),
      false,
      /it has only weights, without layers/,
    ],
  ]
  it.each(cases)("are refused: %s", async (_what, bytes, described, message) => {
    assert.match(await refusal(bytes, described ? description : undefined), message)
  })
})

describe("descriptions", () => {
  const decode = Schema.decodeUnknownOption(Description)
  it("are bounded", () => {
    const layers = [{ layer: "dense", name: "a" }]
    assert.isTrue(decode({ version: 1, input: 3, layers })._tag === "Some")
    for (const wrong of [
      { version: 2, input: 3, layers },
      { version: 1, input: 2 ** 23, layers },
      { version: 1, input: [1, 28], layers },
      { version: 1, input: 3, layers: Array.from({ length: 1001 }, () => "relu") },
      { version: 1, input: 3, layers: ["swish"] },
      { version: 1, input: 3, layers: [{ layer: "dense" }] },
      { version: 1, input: 3, layers: [{ layer: "max pool", size: 0 }] },
    ]) {
      assert.strictEqual(decode(wrong)._tag, "None", JSON.stringify(wrong).slice(0, 80))
    }
  })

  it("name what the file does not have, and what they do not", async () => {
    const weights = readFileSync(`${folder}mlp-tanh.safetensors`)
    const { input, layers, version } = descriptionOf("mlp-tanh")
    const [first, ...rest] = layers
    const other = { version, input, layers: [{ layer: "dense", name: "first" } as const, ...rest] }
    assert.match(
      await refusal(weights, other),
      /layer "first": there is no tensor "first\.weight"; the file has "0\.bias"/,
    )
    const short = { version, input, layers: [first!] }
    assert.match(
      await refusal(weights, short),
      /no layer of the description has tensors "2\.bias", .*"ignore"/,
    )
    const wide = { version, input: 6, layers }
    assert.match(
      await refusal(weights, wide),
      /layer "0": tensor "0\.weight" has the shape 8 x 5, and outputs x 6 is required/,
    )
  })
})
