import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Npy from "../src/Npy.ts"
import * as Npz from "../src/Npz.ts"
import { filesInMemory } from "./support/Files.ts"

const fixture = (name: string): string => join(import.meta.dirname, "fixtures", "tables", name)
const bytesOf = (name: string): Uint8Array => readFileSync(fixture(name))

const far = 2 ** 53 - 1
const floats = (least: number, most: number) => [least, -1.5, most, Infinity, -Infinity, NaN]
const halves = floats(2 ** -14 / 4, 65504)
const singles = floats(2 ** -126 / 4, (2 - 2 ** -23) * 2 ** 127)
const doubles = floats(2 ** -1022 / 4, Number.MAX_VALUE)

/** What the script that made the fixture put in. */
const numbers: Readonly<Record<string, ReadonlyArray<number>>> = {
  b1: [0, 1, 1],
  i1: [-128, 7, 127],
  u1: [0, 7, 255],
  "little-i2": [-32768, 7, 32767],
  "big-i2": [-32768, 7, 32767],
  "little-u2": [0, 7, 65535],
  "big-u4": [0, 7, 2 ** 32 - 1],
  "little-i4": [-(2 ** 31), 7, 2 ** 31 - 1],
  "little-i8": [-far, 7, far],
  "big-u8": [0, 7, far],
  "little-f2": halves,
  "big-f2": halves,
  "little-f4": singles,
  "big-f4": singles,
  "little-f8": doubles,
  "big-f8": doubles,
}

describe("arrays that NumPy wrote", () => {
  it.effect("are read in every kind and both orders of bytes, exactly", () =>
    Effect.gen(function* () {
      const arrays = yield* Npz.read(fixture("kinds.npz"))
      for (const [name, values] of Object.entries(numbers)) {
        const { data, shape } = arrays.get(name)!
        assert.deepStrictEqual<unknown>([...data.values], values, name)
        assert.deepStrictEqual(shape, [values.length], name)
      }
      for (const name of ["texts", "texts-big"]) {
        assert.deepStrictEqual(arrays.get(name)!.data.values, ["", "ü", "naïve 😀"])
      }
      assert.deepStrictEqual(arrays.get("bytes")!.data.values, ["", "abc"])
      assert.deepStrictEqual(arrays.get("scalar"), {
        shape: [],
        dtype: "<f8",
        data: { _tag: "Numbers", values: Float64Array.of(2.5) },
      })
      assert.deepStrictEqual(arrays.get("empty")!.shape, [0, 3])
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.effect("have the last index run fastest, also where the file has the first", () =>
    Effect.gen(function* () {
      const { data, shape } = (yield* Npz.read(fixture("kinds.npz"))).get("fortran")!
      assert.deepStrictEqual(shape, [2, 3, 4])
      assert.deepStrictEqual(
        [...data.values],
        Array.from({ length: 24 }, (_, k) => k),
      )
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.effect.each([1, 2, 3])("are read in version %i of the format", (version) =>
    Effect.gen(function* () {
      const { data, dtype, shape } = yield* Npy.read(fixture(`version-${version}.npy`))
      assert.deepStrictEqual([dtype, shape], ["<f4", [2, 3]])
      assert.deepStrictEqual([...data.values], [0, 1, 2, 3, 4, 5])
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.effect("are unpacked only where they are wanted", () =>
    Effect.gen(function* () {
      const arrays = yield* Npz.read(fixture("stored.npz"), (name) => name === "b")
      assert.deepStrictEqual([...arrays.keys()], ["b"])
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.each([
    ["objects", /holds Python objects.*numpy\.asarray\(a\.tolist\(\), dtype=float\)/],
    [
      "records",
      /more than one type.*numpy\.savez\(path, \*\*\{f: a\[f\] for f in a\.dtype\.names\}\)/,
    ],
    ["complex", /complex numbers; write a\.real and a\.imag/],
    ["times", /<M8\[D\] is not supported; it holds times; write a\.astype\("int64"\)/],
    ["large", /element 1 is 9007199254740993, beyond 2\^53.*a\.astype\("float64"\)/],
  ])("are refused with the line of Python that converts %s", (name, says) => {
    const error = Result.getFailure(Npy.decode(bytesOf(`${name}.npy`), { path: `${name}.npy` }))
    assert.match(String(error), says)
    assert.match(String(error), new RegExp(`${name}\\.npy: `))
  })
})

/** An array of version 1.0 with this header. */
const withHeader = (header: string, data: ReadonlyArray<number> = []): Uint8Array => {
  const text = new TextEncoder().encode(`${header}\n`)
  return Uint8Array.of(
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...text,
    ...data,
  )
}

const dictionary = (descr: string, shape: string, order = "False"): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`

describe("bytes that are no array", () => {
  it.each<{ what: string; bytes: Uint8Array; says: RegExp }>([
    { what: "nothing", bytes: new Uint8Array(), says: /does not begin like a NumPy array/ },
    { what: "a magic number alone", bytes: withHeader("").subarray(0, 6), says: /version none/ },
    {
      what: "version 4",
      bytes: Uint8Array.of(...withHeader("").subarray(0, 6), 4, 0, 1, 0, 0, 0),
      says: /version 4, not 1, 2 or 3/,
    },
    {
      what: "a header cut off",
      bytes: withHeader(dictionary("<f8", "1,")).subarray(0, 30),
      says: /ends within its header/,
    },
    {
      what: "a header of gigabytes",
      bytes: Uint8Array.of(...withHeader("").subarray(0, 6), 2, 0, 255, 255, 255, 127),
      says: /header claims 2147483647 bytes/,
    },
    {
      what: "code in the header",
      bytes: withHeader(
        "{'descr': __import__('os').getcwd(), 'fortran_order': False, 'shape': ()}",
      ),
      says: /header does not have the format/,
    },
    {
      what: "a key more",
      bytes: withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (), 'x': ''}"),
      says: /header does not have the format/,
    },
    {
      what: "a key twice",
      bytes: withHeader("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': ()}"),
      says: /header does not have the format/,
    },
    {
      what: "a key less",
      bytes: withHeader("{'descr': '<f8', 'shape': (1,)}"),
      says: /header does not have the format/,
    },
    {
      what: "text after the dictionary",
      bytes: withHeader(`${dictionary("<f8", "1,")} x`),
      says: /header does not have the format/,
    },
    {
      what: "a size below zero",
      bytes: withHeader(dictionary("<f8", "-1,")),
      says: /header does not have the format/,
    },
    {
      what: "a billion elements",
      bytes: withHeader(dictionary("<f8", "1000000000,")),
      says: /shape 1000000000 has more than/,
    },
    {
      what: "a product beyond all numbers",
      bytes: withHeader(
        dictionary("|u1", Array.from({ length: 40 }, () => "9999999999999999").join(", ")),
      ),
      says: /has more than 134217728 elements/,
    },
    {
      what: "texts of no length",
      bytes: withHeader(dictionary("<U0", "100000000,")),
      says: /type "<U0" is not supported/,
    },
    {
      what: "more dimensions than arrays have",
      bytes: withHeader(dictionary("<f8", "1, ".repeat(65))),
      says: /65 dimensions; the limit is 64/,
    },
    {
      what: "an order of bytes that is none",
      bytes: withHeader(dictionary("|f8", "1,"), [0, 0, 0, 0, 0, 0, 0, 0]),
      says: /type "\|f8" is not supported/,
    },
    {
      what: "a number of sixteen bytes",
      bytes: withHeader(dictionary("<f16", "1,")),
      says: /type "<f16" is not supported; convert it first/,
    },
    {
      what: "fewer bytes than the shape has",
      bytes: withHeader(dictionary("<f4", "2,"), [0, 0, 0, 0]),
      says: /shape \(2\) of <f4 has 8 bytes, but 4 were found/,
    },
    {
      what: "more bytes than the shape has",
      bytes: withHeader(dictionary("|u1", "1,"), [1, 2]),
      says: /has 1 bytes, but 2 were found/,
    },
    {
      what: "a character that there is not",
      bytes: withHeader(dictionary("<U1", "1,"), [0, 0, 0x11, 0x10]),
      says: /holds an invalid character/,
    },
  ])("are refused: $what", ({ bytes, says }) => {
    assert.match(String(Result.getFailure(Npy.decode(bytes, { path: "a.npy" }))), says)
  })

  it("are refused where there are more elements than may be", () => {
    const bytes = Npy.encode({
      shape: [3],
      data: { _tag: "Numbers", values: Float64Array.of(1, 2, 3) },
    })
    const error = Result.getFailure(Npy.decode(bytes, { path: "a.npy", elements: 2 }))
    assert.match(String(error), /its shape 3 has more than 2 elements; give a smaller one/)
  })

  it.effect("are named by the file", () =>
    Effect.gen(function* () {
      const { message } = yield* Effect.flip(Npy.read("absent.npy"))
      assert.strictEqual(message, "absent.npy: no such file; check the path")
    }).pipe(Effect.provide(filesInMemory({}))),
  )
})

describe("arrays that are written", () => {
  it.each<Omit<Npy.Npy, "dtype">>([
    { shape: [], data: { _tag: "Numbers", values: Float64Array.of(0.1) } },
    { shape: [3], data: { _tag: "Numbers", values: Float64Array.of(NaN, -0, 1e308) } },
    { shape: [2, 2], data: { _tag: "Texts", values: ["", "a", "😀b", "ü"] } },
    { shape: [0], data: { _tag: "Texts", values: [] } },
  ])("are read as they were: $shape", (array) => {
    const bytes = Npy.encode(array)
    const { data, shape } = Result.getOrThrow(Npy.decode(bytes, { path: "a.npy" }))
    assert.deepStrictEqual({ shape, data }, { shape: array.shape, data: array.data })
    assert.strictEqual(
      (bytes.length -
        array.data.values.length *
          (array.data._tag === "Numbers" ? 8 : array.shape.length === 2 ? 8 : 4)) %
        64,
      0,
    )
  })
})
