/** Encodings, delimiters, decimal marks and formats of tables. */
import { Schema } from "effect"

/** Names of encodings as `TextDecoder` takes them; Windows-1252 has all of Latin-1 that text uses. */
export const Encoding = Schema.Literals(["utf-8", "utf-16le", "utf-16be", "windows-1252"])

export type Encoding = typeof Encoding.Type

/** Delimiters of cells; a space is any run of spaces and tabs. */
export const Delimiter = Schema.Literals([",", ";", "\t", "|", "::", " "])

export type Delimiter = typeof Delimiter.Type

export const Decimal = Schema.Literals([".", ","])

export type Decimal = typeof Decimal.Type

/** Formats whose columns have types; there is nothing to detect in them. */
export const Format = Schema.Literals(["parquet", "arrow", "npz", "npy"])

export type Format = typeof Format.Type

/** Notation of the numbers of a file. */
export interface Notation {
  readonly decimal: Decimal
  /** True if "1,234" (or "1.234" with decimal commas) has a thousands separator, and is not refused as ambiguous. */
  readonly groups: boolean
  /** Format of a binary file. */
  readonly format?: Format
}

/** An unread column of a binary file, with the reason. */
export const Unread = Schema.Struct({
  column: Schema.String,
  reason: Schema.String,
  remedy: Schema.String,
})

export type Unread = typeof Unread.Type

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
