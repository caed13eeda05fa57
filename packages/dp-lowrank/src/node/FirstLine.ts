/**
 * Format of a private file, from its first line only: the column names are public, and no row may influence how others are
 * read.
 */
import type * as Table from "@nonconvex/datasets/Table"
import { Effect, FileSystem, Option, Stream } from "effect"

/** Longest first line that is examined; longer ones are read with the given delimiter and encoding, or as comma and UTF-8. */
const longest = 2 ** 20

/** In order of preference if the line has equally many. */
const delimiters = [",", ";", "\t", "|"] as const

const lineEnd = /[\r\n]/

/** Encoding from the byte order mark or a zero byte next to the first letter, otherwise from the bytes of the line. */
const encodingOf = (bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | "windows-1252" => {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (second === 0 && first !== 0)) return "utf-16le"
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return "utf-16be"
  const end = bytes.findIndex((byte) => byte === 0x0a || byte === 0x0d)
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end < 0 ? undefined : end))
    return "utf-8"
  } catch {
    return "windows-1252"
  }
}

/** Delimiter of the names of a line: the most frequent one outside of quotes. */
const delimiterOf = (line: string): (typeof delimiters)[number] => {
  const bare = line.replaceAll(/"[^"]*"/g, "")
  const count = (delimiter: string): number => bare.split(delimiter).length - 1
  return delimiters.reduce((most, each) => (count(each) > count(most) ? each : most))
}

/** Format that the first line of a file reveals; empty for a source that can be read only once. Never fails. */
export const spellingOf = Effect.fnUntraced(function* (
  path: string,
): Effect.fn.Return<
  Pick<Table.IntoOptions, "delimiter" | "encoding">,
  never,
  FileSystem.FileSystem
> {
  const fs = yield* FileSystem.FileSystem
  const found = yield* Effect.option(fs.stat(path))
  if (!Option.exists(found, ({ type }) => type === "File")) return {}
  const chunks = yield* Stream.runCollect(fs.stream(path, { bytesToRead: longest })).pipe(
    Effect.orElseSucceed(() => []),
  )
  const bytes = Buffer.concat(chunks)
  const encoding = encodingOf(bytes)
  const [line] = new TextDecoder(encoding).decode(bytes).split(lineEnd, 1)
  // UTF-8 is what is read where nothing is said, at no cost
  return { delimiter: delimiterOf(line!), encoding: encoding === "utf-8" ? undefined : encoding }
})
