/** Safetensors files: a round trip, and false headers. */
import { assert, describe, it } from "vitest"
import { decode, encode } from "../../src/networks/Safetensors.ts"

/** A file with this header and this many bytes of numbers. */
const file = (header: unknown, data = 0, length?: number): Uint8Array => {
  const text = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  )
  const bytes = new Uint8Array(8 + text.length + data)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? text.length), true)
  bytes.set(text, 8)
  return bytes
}
const entry = (dtype: string, shape: ReadonlyArray<number>, offsets: ReadonlyArray<number>) => ({
  w: { dtype, shape, data_offsets: offsets },
})

describe("safetensors", () => {
  it("reads what it writes, bit for bit", () => {
    const tensors = [
      { name: "a.weight", shape: [2, 3], values: Float64Array.of(1, -0, 1e-310, Math.PI, 5, 6) },
      { name: "ü", shape: [], values: Float64Array.of(7) },
      { name: "empty", shape: [0, 4], values: new Float64Array() },
    ]
    const read = decode(encode(tensors), "net.safetensors")
    assert.deepStrictEqual([...read.values()], tensors)
  })

  it("leaves counters out", () => {
    const header = {
      n: { dtype: "I64", shape: [], data_offsets: [0, 8] },
      ...entry("F32", [1], [8, 12]),
    }
    assert.deepStrictEqual([...decode(file(header, 12), "net").keys()], ["w"])
  })

  const cases: ReadonlyArray<readonly [what: string, bytes: Uint8Array, message: RegExp]> = [
    ["nothing", new Uint8Array(), /ends within its header/],
    ["a header that is longer than the file", file("{}", 0, 3), /ends within its header/],
    [
      "a header of most of the memory",
      file("{}", 0, 2 ** 40),
      /its header claims 1099511627776 bytes/,
    ],
    ["a length in the other byte order", file("{}", 0, 2 ** 56), /its header claims \d+ bytes/],
    ["no JSON", file("{]"), /its header is not JSON/],
    ["a list", file("[]"), /not a list of tensors/],
    [
      "a thousand million numbers",
      file(entry("F32", [1e5, 1e4], [0, 4e9])),
      /tensor "w": its shape 100000 x 10000 has more than/,
    ],
    [
      "a shape whose product overflows",
      file(entry("F32", Array<number>(8).fill(2 ** 50), [0, 4])),
      /has more than/,
    ],
    ["a size below 0", file(entry("F32", [-1, -1], [0, 4]), 4), /a size of -1 is not valid/],
    ["many dimensions", file(entry("F32", Array<number>(9).fill(1), [0, 4]), 4), /9 dimensions/],
    [
      "numbers beyond the file",
      file(entry("F32", [2], [0, 8]), 4),
      /its bytes 0 to 8 are beyond the 4 bytes/,
    ],
    [
      "fewer numbers than the shape",
      file(entry("F32", [2], [0, 4]), 4),
      /has 8 bytes, but 4 were found/,
    ],
    [
      "integers",
      file(entry("I8", [4], [0, 4]), 4),
      /type "I8"; supported are F64, F32, F16, BF16; quantised/,
    ],
    ["8-bit floats", file(entry("F8_E4M3", [4], [0, 4]), 4), /"F8_E4M3"/],
    ["no place", file({ w: { dtype: "F32", shape: [1] } }, 4), /lacks type, shape or place/],
    [
      "many tensors on the same bytes",
      file(
        Object.fromEntries(
          Array.from({ length: 100 }, (_, k) => [k, entry("F64", [1000], [0, 8000]).w]),
        ),
        8000,
      ),
      /its tensors claim 16000 bytes in total, but 8000 were found/,
    ],
  ]
  it.each(cases)("refuses %s", (_what, bytes, message) => {
    assert.throws(() => decode(bytes, "net.safetensors"), message)
  })

  it("refuses numbers that are not finite", () => {
    const bytes = file(entry("BF16", [2], [0, 4]), 4)
    bytes.set([0x80, 0x3f, 0x80, 0x7f], bytes.length - 4)
    assert.throws(() => decode(bytes, "net"), /tensor "w": element 1 is Infinity/)
  })
})
