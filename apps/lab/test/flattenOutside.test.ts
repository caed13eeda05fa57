/** A two-layer network of another program, made flat: read from its file, written back under its names. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const neurons = 6
const inputs = 4

/** Numbers without a pattern, between -1 and 1. */
const scattered = (count: number, from: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => (((from + i) * 7919) % 2003) / 1001 - 1)

interface Tensor {
  readonly shape: ReadonlyArray<number>
  readonly values: Float64Array
}

const safetensors = (tensors: Readonly<Record<string, Tensor>>): Uint8Array => {
  let end = 0
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, values }]) => {
      const start = end
      end += values.byteLength
      return [name, { dtype: "F64", shape, data_offsets: [start, end] }]
    }),
  )
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const data = Object.values(tensors).map(({ values }) => Buffer.from(values.buffer))
  return Buffer.concat([length, text, ...data])
}

const tensorsOf = (file: string): Readonly<Record<string, Tensor>> => {
  const bytes = readFileSync(file)
  const length = Number(bytes.readBigUInt64LE())
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Readonly<
    Record<string, { dtype: string; shape: ReadonlyArray<number>; data_offsets: [number, number] }>
  >
  return Object.fromEntries(
    Object.entries(header)
      .filter(([name]) => name !== "__metadata__")
      .map(
        ([
          name,
          {
            data_offsets: [start, end],
            dtype,
            shape,
          },
        ]) => {
          assert.strictEqual(dtype, "F64")
          const data = Uint8Array.from(bytes.subarray(8 + length + start, 8 + length + end))
          return [name, { shape, values: new Float64Array(data.buffer) }]
        },
      ),
  )
}

/** The network by hand: `sum_j a_j (w_j . x + b_j)^3`, and a bias. */
const outputOf = (tensors: Readonly<Record<string, Tensor>>, x: ReadonlyArray<number>): number => {
  const [w, b, a] = ["hidden.weight", "hidden.bias", "out.weight"].map(
    (name) => tensors[name]?.values,
  )
  let sum = tensors["out.bias"]?.values[0] ?? 0
  for (let j = 0; j < neurons; j++) {
    const z = x.reduce((dot, value, i) => dot + w![inputs * j + i]! * value, b?.[j] ?? 0)
    sum += a![j]! * z * z * z
  }
  return sum
}

describe("flatten, of a network of another program", () => {
  it.live("keeps its function on the data, and writes it back under its names", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const at = (name: string) => join(folder, name)
      const given = {
        "hidden.weight": { shape: [neurons, inputs], values: scattered(neurons * inputs, 3) },
        "hidden.bias": { shape: [neurons], values: scattered(neurons, 400) },
        "out.weight": { shape: [1, neurons], values: scattered(neurons, 800) },
        "out.bias": { shape: [1], values: Float64Array.of(0.25) },
      }
      writeFileSync(at("net.safetensors"), safetensors(given))
      const layers = [{ layer: "dense", name: "hidden" }, "cube", { layer: "dense", name: "out" }]
      writeFileSync(at("net.json"), JSON.stringify({ version: 1, input: inputs, layers }))
      const rows = [
        [1, 0.2, -0.4, 0.3],
        [-0.7, 1.1, 0.3, -0.2],
        [0.3, -0.9, 1, 0.8],
      ]
      const lines = rows.map((row) => [...row, outputOf(given, row)].join(","))
      writeFileSync(at("rows.csv"), ["a,b,c,d,y", ...lines].join("\n"))
      const { code, stderr, stdout } = yield* nonconvex(
        [],
        [
          "flatten",
          at("net.safetensors"),
          at("rows.csv"),
          "--target",
          "y",
          "--architecture",
          at("net.json"),
          "--save",
          at("flat.safetensors"),
        ],
      )
      assert.strictEqual(code, 0, stderr)
      assert.include(stdout, "6 neurons, z^3, on 3 rows")
      const flat = tensorsOf(at("flat.safetensors"))
      assert.deepStrictEqual(Object.keys(flat).toSorted(), Object.keys(given).toSorted())
      for (const [name, { shape }] of Object.entries(given)) {
        assert.deepStrictEqual(flat[name]!.shape, shape, name)
      }
      for (const row of rows) {
        assert.closeTo(outputOf(flat, row), outputOf(given, row), 1e-9)
      }
      assert.notDeepEqual(flat["hidden.weight"]!.values, given["hidden.weight"].values)
    }),
  )
})
