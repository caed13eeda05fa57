/** Format of a table of text: its encoding, delimiter and decimal mark. */
import { Context, Effect, Schema } from "effect"

/** Names of encodings as `TextDecoder` takes them; Windows-1252 has all of Latin-1 that text uses. */
const Encoding = Schema.Literals(["utf-8", "utf-16le", "utf-16be", "windows-1252"])
export type Encoding = typeof Encoding.Type

/** Delimiters of cells; a space is any run of spaces and tabs. */
const Delimiter = Schema.Literals([",", ";", "\t", "|", "::", " "])
export type Delimiter = typeof Delimiter.Type

const Decimal = Schema.Literals([".", ","])
export type Decimal = typeof Decimal.Type

/** Formats whose columns have types; there is nothing to detect in them. */
export const Format = Schema.Literals(["parquet", "arrow", "npz", "npy"])
export type Format = typeof Format.Type

/** Notation of the numbers of a file. */
export interface Notation {
  readonly decimal: Decimal
  /** True if "1,234" (or "1.234" beside decimal commas) has a thousands separator, and is not refused as ambiguous. */
  readonly groups: boolean
  /** Format of a binary file. */
  readonly format?: Format
}

/** A column of a file that is no text, which is not read, and why. */
const Unread = Schema.Struct({
  column: Schema.String,
  reason: Schema.String,
  remedy: Schema.String,
})
export type Unread = typeof Unread.Type

/** Interpretation of a file. */
export const Spelling = Schema.Struct({
  encoding: Encoding,
  delimiter: Delimiter,
  decimal: Decimal,
  groups: Schema.Boolean,
  quote: Schema.Literals(['"', "'"]),
  /** Format of a binary file: its cells are read as those of a text that a program writes. */
  format: Schema.optionalKey(Format),
  /** Its columns that are not read, if there are any. */
  unread: Schema.optionalKey(Schema.Array(Unread)),
})
export type Spelling = typeof Spelling.Type

/** Options of a reader; what is left open is detected from the first 256 KiB of the file. */
export interface Options {
  /** Delimiter of the cells. */
  readonly delimiter?: Delimiter | undefined
  /** The decimal mark; the other one then separates thousands. */
  readonly decimal?: Decimal | undefined
  readonly encoding?: Encoding | undefined
}

/** Hears how each file was read whose content told it; no one does unless a program provides one. */
export const OnRead = Context.Reference<(path: string, spelling: Spelling) => Effect.Effect<void>>(
  "@nonconvex/datasets/OnRead",
  { defaultValue: () => () => Effect.void },
)

/** Tests whether a file is written as programs do: commas, decimal points, UTF-8. */
export const isPlain = ({ decimal, delimiter, encoding, quote, unread }: Spelling): boolean =>
  unread === undefined &&
  delimiter === "," &&
  decimal === "." &&
  encoding === "utf-8" &&
  quote === '"'

const names: Readonly<Record<Delimiter, string>> = {
  ",": "comma",
  ";": "semicolon",
  "\t": "tab",
  "|": "pipe",
  "::": "double-colon",
  " ": "space",
}

/**
 * Name of a delimiter in the options.
 *
 * @internal
 */
export const nameOf = (delimiter: Delimiter): string => names[delimiter]

/** Names of the formats. */
export const formats: Readonly<Record<Format, string>> = {
  parquet: "Parquet",
  arrow: "Arrow",
  npz: "an archive of NumPy's arrays",
  npy: "an array of NumPy",
}

/**
 * A spelling in words, with what to say where it is wrong; of a file that is no text, its format and what is left out.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Spelling } from "@nonconvex/datasets"
 *
 * const german: Spelling.Spelling = { encoding: "utf-8", delimiter: ";", decimal: ",", groups: false, quote: '"' }
 * Spelling.describe(german) // => "--delimiter semicolon, --decimal comma, --encoding utf-8"
 * ```
 */
export const describe = (spelling: Spelling): string => {
  const { decimal, delimiter, encoding, format, quote, unread = [] } = spelling
  const left = unread.map(({ column, reason }) => `, without ${JSON.stringify(column)}: ${reason}`)
  if (format !== undefined) return `as ${formats[format]}${left.join("")}`
  return [
    `--delimiter ${nameOf(delimiter)}`,
    `--decimal ${decimal === "." ? "point" : "comma"}`,
    `--encoding ${encoding}`,
    ...(quote === "'" ? ["single quotes"] : []),
  ].join(", ")
}
