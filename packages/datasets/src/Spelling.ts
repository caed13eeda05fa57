/** Format of a table of text: its encoding, delimiter and decimal mark. */
import { Context, Effect, Schema } from "effect"
import { Decimal, Delimiter, Encoding, Format, Unread, nameOf } from "./internal/Notation.ts"

export { Format } from "./internal/Notation.ts"

/** Interpretation of a file. */
export const Spelling = Schema.Struct({
  encoding: Encoding,
  delimiter: Delimiter,
  decimal: Decimal,
  groups: Schema.Boolean,
  quote: Schema.Literals(['"', "'"]),
  /** Format of a binary file: its cells are read as those of a text that a program writes. */
  format: Schema.optionalKey(Format),
  /** Columns that are not read, if any. */
  unread: Schema.optionalKey(Schema.Array(Unread)),
})

export type Spelling = typeof Spelling.Type

/** Options of a reader; by default the format is detected from the first 256 KiB of the file. */
export interface Options {
  /** Delimiter of the cells. */
  readonly delimiter?: Delimiter | undefined
  /** Decimal mark; the other mark then separates thousands. */
  readonly decimal?: Decimal | undefined
  readonly encoding?: Encoding | undefined
}

/** Called with each file whose format was detected from its content; by default nothing happens. */
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

/** Names of the formats. */
export const formats: Readonly<Record<Format, string>> = {
  parquet: "Parquet",
  arrow: "Arrow",
  npz: "an archive of NumPy arrays",
  npy: "a NumPy array",
}

/**
 * Description of a format, with the flags that correct it; of a binary file, its format and the omitted columns.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Spelling from "@nonconvex/datasets/Spelling"
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
