/** The parser of records, as every reader sets it. */
import { type InfoRecord, parse, type Parser } from "csv-parse"
import type { Spelling } from "../Spelling.ts"

export type Cells = ReadonlyArray<string>

/** Marks that end records and cells. */
export interface Divisions extends Pick<Spelling, "delimiter" | "quote"> {
  /** True if lines that begin with # are skipped. */
  readonly comments: boolean
}

/** Space as a delimiter has no empty cells. */
const betweenSpaces = (record: Cells): Cells => record.filter((cell) => cell !== "")

/** Parser that returns each completed record, without padding or blank lines. */
export const makeParser = (
  { comments, delimiter, quote }: Divisions,
  onRecord: (record: Cells, info: InfoRecord) => void,
): Parser => {
  const parser = parse({
    delimiter: delimiter === " " ? [" ", "\t"] : delimiter,
    bom: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    quote,
    escape: quote,
    // an apostrophe is no quote, and of cells between tabs few programs quote any
    relax_quotes: quote === "'" || delimiter === "\t",
    ...(comments ? { comment: "#", comment_no_infix: true } : {}),
    // whoever takes the records reports ragged ones, with the row
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    on_record: (record: Cells, info) => {
      onRecord(delimiter === " " ? betweenSpaces(record) : record, info)
      return null
    },
  })
  // a stream with an error and no listener ends the process
  parser.on("error", () => undefined)
  // no record is passed on, but the end of the readable side must be reached
  parser.resume()
  return parser
}
