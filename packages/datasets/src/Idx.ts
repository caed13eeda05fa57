/**
 * The IDX format of the MNIST family: a magic number, big-endian sizes, then the numbers; here
 * unsigned bytes, plain or compressed with gzip.
 *
 * Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "File formats".
 */
import { Effect, type FileSystem } from "effect"
import { gunzip } from "node:zlib"
import { readBytes } from "./FileError.ts"
import { BadMagic, CorruptGzip, EmptyIdx, WrongLength, type IdxError } from "./IdxError.ts"

export type { IdxError } from "./IdxError.ts"

/** Unsigned bytes in the shape `sizes`, last dimension fastest. */
interface Idx {
  readonly sizes: ReadonlyArray<number>
  readonly data: Uint8Array
}

/** Zero, zero, the type "unsigned byte", the number of dimensions. */
const magicNumber = (dimensions: number): number => 0x0800 + dimensions

const headerLength = (dimensions: number): number => 4 + 4 * dimensions

/** Limit in bytes of a file and of its decompressed content: five times the largest file of the MNIST family. */
const most = 2 ** 28

/**
 * The content of an IDX file of unsigned bytes with `dimensions` dimensions: 3 for images, 1 for
 * labels. `data` is a view of `bytes`. Fails with `BadMagic`, `EmptyIdx` or `WrongLength` naming `path`.
 *
 * @internal
 */
export const decode = Effect.fnUntraced(function* (
  bytes: Uint8Array,
  { path, dimensions }: { readonly path: string; readonly dimensions: number },
): Effect.fn.Return<Idx, BadMagic | EmptyIdx | WrongLength> {
  const start = headerLength(dimensions)
  const found = bytes.length
  if (found < 4) return yield* new WrongLength({ path, expected: start, found })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0)
  if (magic !== magicNumber(dimensions)) {
    return yield* new BadMagic({ path, expected: magicNumber(dimensions), found: magic })
  }
  if (found < start) return yield* new WrongLength({ path, expected: start, found })
  const sizes = Array.from({ length: dimensions }, (_, k) => view.getUint32(4 + 4 * k))
  if (sizes.includes(0)) return yield* new EmptyIdx({ path, sizes })
  const expected = start + sizes.reduce((product, size) => product * size, 1)
  if (found !== expected) return yield* new WrongLength({ path, expected, found })
  return { sizes, data: bytes.subarray(start) }
})

/** The bytes of an IDX file, uncompressed: the inverse of `decode`. */
export const encode = ({ sizes, data }: Idx): Uint8Array => {
  const start = headerLength(sizes.length)
  const bytes = new Uint8Array(start + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, magicNumber(sizes.length))
  sizes.forEach((size, k) => view.setUint32(4 + 4 * k, size))
  bytes.set(data, start)
  return bytes
}

/**
 * Reads an IDX file, compressed or not, recognised by its first two bytes.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Idx from "@nonconvex/datasets/Idx"
 * import { Effect, FileSystem, Stream } from "effect"
 * import { gzipSync } from "node:zlib"
 *
 * const bytes = gzipSync(Idx.encode({ sizes: [2], data: Uint8Array.of(7, 9) }))
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(bytes) })
 * const { data } = await Effect.runPromise(Effect.provide(Idx.read("labels", { dimensions: 1 }), files))
 * Array.from(data) // => [7, 9]
 * ```
 */
export const read = Effect.fn("Idx.read")(function* (
  path: string,
  { dimensions }: { readonly dimensions: number },
): Effect.fn.Return<Idx, IdxError, FileSystem.FileSystem> {
  const bytes = yield* readBytes(path, most)
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  return yield* decode(isGzip ? yield* decompress(bytes, path) : bytes, { path, dimensions })
})

const decompress = (bytes: Uint8Array, path: string): Effect.Effect<Uint8Array, CorruptGzip> =>
  Effect.callback((resume) => {
    gunzip(bytes, { maxOutputLength: most }, (error, result) =>
      resume(
        error === null
          ? Effect.succeed(result)
          : Effect.fail(
              new CorruptGzip({
                path,
                compressedBytes: bytes.length,
                reason: error.message,
              }),
            ),
      ),
    )
  })
