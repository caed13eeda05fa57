/** Files with typed columns, recognised by their first bytes: Parquet, Arrow and arrays of NumPy. */
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import { Effect } from "effect"
import type { BadArchive, BadArray } from "../../ArrayError.ts"

import { UnreadableTable } from "../../TypedError.ts"
import * as Zip from "../../Zip.ts"
import * as Arrays from "./Arrays.ts"
import type { Columns } from "./Columns.ts"
import * as Thread from "./Thread.ts"
import type { Format } from "../Notation.ts"
import * as NpyMagic from "../NpyMagic.ts"

/** Bytes that identify a format; an archive is identified by the name of its first member. */
export const enough = 512

/** Maximum bytes of a file, because it is held in memory. */
export const mostBytes = 2 ** 30

const begins = (bytes: Uint8Array, text: string): boolean =>
  Array.from(text).every((character, k) => bytes[k] === character.charCodeAt(0))

/** Tests whether the first member of an archive is an array. */
const hasArray = (bytes: Uint8Array): boolean => {
  const length = (bytes[26] ?? 0) + 256 * (bytes[27] ?? 0)
  const name = new TextDecoder("latin1").decode(bytes.subarray(30, 30 + length))
  return name.endsWith(".npy") || bytes[2] === 5
}

/** Format of a file with these first bytes; undefined if unknown. */
export const formatOf = (bytes: Uint8Array): Format | undefined => {
  if (begins(bytes, "PAR1") || begins(bytes, "PARE")) return "parquet"
  const isStream = bytes.length >= 8 && [0, 1, 2, 3].every((k) => bytes[k] === 255)
  if (begins(bytes, "ARROW1") || begins(bytes, "FEA1") || isStream) return "arrow"
  if (NpyMagic.isNpy(bytes)) return "npy"
  return Zip.isZip(bytes) && hasArray(bytes) ? "npz" : undefined
}

/** Errors when reading a file of these formats. */
export type ReadError = BackendUnavailable | BadArchive | BadArray | UnreadableTable

/** Bytes of arrays that are converted without a pause: some hundredths of a second. */
const atOnce = 2 ** 24

/** The columns of a file of this format, whose `bytes` have a buffer of their own and are given away. */
export const read = Effect.fnUntraced(function* (
  path: string,
  format: Format,
  bytes: Uint8Array<ArrayBuffer>,
): Effect.fn.Return<Columns, ReadError> {
  if (begins(bytes, "PARE") || begins(bytes, "FEA1")) {
    return yield* new UnreadableTable({
      path,
      reason: begins(bytes, "PARE")
        ? "it is encrypted"
        : "it is a Feather file of version 1, which is not supported",
      remedy: begins(bytes, "PARE")
        ? "write it without encryption"
        : "convert it: pandas.read_feather(path).to_feather(other)",
    })
  }
  const isLibrary = format === "parquet" || format === "arrow"
  if (isLibrary || Arrays.sizeOf(bytes, path) > atOnce) {
    return yield* Thread.read(path, format, bytes.buffer)
  }
  const arrays = yield* Effect.fromResult(Arrays.decode(bytes, path))
  return yield* Effect.fromResult(Arrays.table(path, arrays))
})
