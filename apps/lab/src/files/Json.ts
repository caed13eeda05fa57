/** Untrusted JSON: limited in bytes, depth and values before parsing, and decoded by a schema. */
import { readBytes } from "@nonconvex/datasets/FileError"
import * as Reason from "@nonconvex/evidence/Reason"
import { Effect, type FileSystem, Result, Schema } from "effect"
import { interruptible } from "../cli/Interruptible.ts"

/** Limits of a file. */
export interface Bounds {
  readonly bytes: number
  /** Nesting of lists and objects. */
  readonly depth: number
  /** Numbers, texts and other plain values. */
  readonly values: number
}

/** Limits of files written by hand. */
export const ofSettings: Bounds = { bytes: 2 ** 24, depth: 32, values: 2 ** 20 }

/** Limits of files written by programs: networks, and the results of everything. */
export const ofResults: Bounds = { bytes: 2 ** 28, depth: 64, values: 2 ** 25 }

/** Reason for a missing value. */
export interface Refusal {
  /**
   * `file`: it cannot be read. `text`: it is not JSON, or exceeds the limits. `schema`: it has other content than requested.
   */
  readonly of: "file" | "text" | "schema"
  readonly reason: string
}

/** End of a quoted text that begins before `from`. */
const endOfText = (text: string, from: number): number => {
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0
    while (text[end - 1 - escapes] === "\\") escapes++
    if (escapes % 2 === 0) return end
  }
  return text.length
}

/** The longest way to write `__proto__`. */
const longestName = 6 * "__proto__".length

/** Tests whether a text, without its quotation marks, names an inherited property. */
const isInherited = (written: string): boolean => {
  if (written.length > longestName || !/__|\\u/.test(written)) return false
  try {
    return JSON.parse(`"${written}"`) === "__proto__"
  } catch {
    return false
  }
}

/** First excess over the limits, found in one pass before parsing. */
const excess = (text: string, { depth, values }: Bounds): string | undefined => {
  let [level, count] = [0, 1]
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') {
      const end = endOfText(text, at + 1)
      if (isInherited(text.slice(at + 1, end))) return "has a field named __proto__"
      at = end
    } else if (character === "[" || character === "{") {
      if (++level > depth) return `has more than ${depth} nested lists and objects`
    } else if (character === "]" || character === "}") level--
    else if (character === "," && ++count > values) return `has more than ${values} values`
  }
  return undefined
}

/** Text of a file of at most the given number of bytes; no more are read. */
const textOf = Effect.fnUntraced(function* (
  path: string,
  bytes: number,
): Effect.fn.Return<string, Refusal, FileSystem.FileSystem> {
  const read = yield* readBytes(path, bytes).pipe(
    Effect.mapError(({ _tag }): Refusal => {
      if (_tag === "TooManyBytes") return { of: "text", reason: `has more than ${bytes} bytes` }
      return { of: "file", reason: _tag === "MissingFile" ? "no such file" : "cannot be read" }
    }),
  )
  return new TextDecoder().decode(read)
})

/** The value that a text within bounds is. */
const parsed = (text: string, bounds: Bounds): Result.Result<unknown, Refusal> => {
  const reason = excess(text, bounds)
  if (reason !== undefined) return Result.fail({ of: "text", reason })
  try {
    return Result.succeed(JSON.parse(text) as unknown)
  } catch (cause) {
    return Result.fail({ of: "text", reason: `is not JSON (${(cause as Error).message})` })
  }
}

/** Decodes a text by `decode`, or explains the failure. */
export const of = <Value>(
  text: string,
  bounds: Bounds,
  decode: (value: unknown) => Result.Result<Value, string>,
): Result.Result<Value, Refusal> =>
  Result.flatMap(parsed(text, bounds), (value) =>
    Result.mapError(decode(value), (reason): Refusal => ({ of: "schema", reason })),
  )

/** Reads a file by `decode`. Its content is never used as a file name, an address or code. */
export const read = Effect.fn("Json.read")(function* <Value>(
  path: string,
  bounds: Bounds,
  decode: (value: unknown) => Result.Result<Value, string>,
): Effect.fn.Return<Value, Refusal, FileSystem.FileSystem> {
  const text = yield* textOf(path, bounds.bytes)
  return yield* Effect.fromResult(yield* interruptible(() => of(text, bounds, decode)))
})

/** Decodes a value by a schema of JSON, or describes the mismatch. */
export const by =
  <Type, Encoded>(
    schema: Schema.Codec<Type, Encoded>,
    options: { readonly onExcessProperty?: "error" } = {},
  ) =>
  (value: unknown): Result.Result<Type, string> => {
    const decode = Schema.decodeUnknownResult(Schema.toCodecJson(schema))
    return Result.mapError(decode(value, options), Reason.of)
  }
