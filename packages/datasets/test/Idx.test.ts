import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { gzipSync } from "node:zlib"
import * as Idx from "../src/Idx.ts"
import type { IdxError } from "../src/IdxError.ts"
import { filesInMemory } from "./support/Files.ts"

/** Two images of 1 x 3 bytes, written out by hand from the description of the format. */
const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 250, 251, 252)

const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 9, 4)

const gzipped = gzipSync(images)

describe("Idx", () => {
  it.effect("decodes sizes and bytes", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* Idx.decode(images, { path: "i", dimensions: 3 }), {
        sizes: [2, 1, 3],
        data: Uint8Array.of(1, 2, 3, 250, 251, 252),
      })
      assert.deepStrictEqual(yield* Idx.decode(labels, { path: "l", dimensions: 1 }), {
        sizes: [2],
        data: Uint8Array.of(9, 4),
      })
    }),
  )

  it.effect("decodes a view that starts inside of its buffer", () =>
    Effect.gen(function* () {
      const shifted = Uint8Array.of(7, 7, ...labels).subarray(2)
      const { data } = yield* Idx.decode(shifted, { path: "l", dimensions: 1 })
      assert.deepStrictEqual(Array.from(data), [9, 4])
    }),
  )

  it.effect("encodes what it decodes", () =>
    Effect.gen(function* () {
      const decoded = yield* Idx.decode(images, { path: "i", dimensions: 3 })
      assert.deepStrictEqual(Idx.encode(decoded), images)
    }),
  )

  it.effect("reads plain and compressed files whatever their names", () =>
    Effect.gen(function* () {
      const plain = yield* Idx.read("plain.gz", { dimensions: 3 })
      const compressed = yield* Idx.read("compressed", { dimensions: 3 })
      assert.deepStrictEqual(plain.sizes, compressed.sizes)
      assert.deepStrictEqual(Array.from(plain.data), Array.from(compressed.data))
    }).pipe(Effect.provide(filesInMemory({ "plain.gz": images, compressed: gzipped }))),
  )
})

describe("Idx says what is wrong", () => {
  it.effect.each<{
    what: string
    file: Uint8Array | undefined
    error: Partial<IdxError>
    message: string
  }>([
    {
      what: "a missing file",
      file: undefined,
      error: { _tag: "MissingFile", path: "i" },
      message: "i: no such file; check the path",
    },
    {
      what: "labels in place of images",
      file: labels,
      error: { _tag: "BadMagic", path: "i", expected: 0x803, found: 0x801 },
      message:
        "i: not the expected IDX file: magic number 0x00000803 expected, 0x00000801 found; " +
        "check that images and labels are not swapped",
    },
    {
      what: "a truncated file",
      file: images.subarray(0, 20),
      error: { _tag: "WrongLength", path: "i", expected: 22, found: 20 },
      message: "i: truncated: 22 bytes expected, 20 found; fetch the file again",
    },
    {
      what: "a truncated header",
      file: images.subarray(0, 10),
      error: { _tag: "WrongLength", path: "i", expected: 16, found: 10 },
      message: "i: truncated: 16 bytes expected, 10 found; fetch the file again",
    },
    {
      what: "an empty file",
      file: new Uint8Array(0),
      error: { _tag: "WrongLength", path: "i", expected: 16, found: 0 },
      message: "i: truncated: 16 bytes expected, 0 found; fetch the file again",
    },
    {
      what: "bytes after the end",
      file: Uint8Array.of(...images, 0),
      error: { _tag: "WrongLength", path: "i", expected: 22, found: 23 },
      message: "i: longer than its header says: 22 bytes expected, 23 found; fetch the file again",
    },
    {
      what: "a header that announces more than memory holds",
      file: Uint8Array.of(0, 0, 8, 3, ...Array.from({ length: 12 }, () => 255)),
      error: { _tag: "WrongLength", path: "i", expected: 16 + (2 ** 32 - 1) ** 3, found: 16 },
      message:
        "i: truncated: 7.9228162458924105e+28 bytes expected, 16 found; fetch the file again",
    },
    {
      what: "a truncated gzip file",
      file: gzipped.subarray(0, gzipped.length - 9),
      error: { _tag: "CorruptGzip", path: "i", compressedBytes: gzipped.length - 9 },
      message:
        `i: not a complete gzip file (unexpected end of file in ${gzipped.length - 9} bytes); ` +
        "fetch the file again",
    },
  ])("about $what", ({ file, error, message }) =>
    Effect.gen(function* () {
      const found = yield* Idx.read("i", { dimensions: 3 }).pipe(
        Effect.provide(filesInMemory(file === undefined ? {} : { i: file })),
        Effect.flip,
      )
      assert.deepInclude(found, error)
      assert.strictEqual(found.message, message)
    }),
  )
})
