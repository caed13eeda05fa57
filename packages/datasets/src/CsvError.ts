/** Errors of a table, with the place: path, row (line of the file, from 1), column. */
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import * as Schema from "effect/Schema"
import type { BadArchive, BadArray } from "./ArrayError.ts"
import type { FileError, TooManyBytes } from "./FileError.ts"
import * as FileKind from "./FileKind.ts"
import { listOf, quote } from "./Quote.ts"
import type { UnreadableTable } from "./TypedError.ts"
import * as Cell from "./internal/Cell.ts"

/** The number as it must be written, if it has the other decimal mark. */
const rewritten = (cell: string, from: string, to: string): string =>
  cell.trim().replace(from, to).slice(0, 40)

const whyBad = {
  missing: () => "is a missing value; fill it in or remove the row",
  "not-a-number": () =>
    "is not a number; correct it or omit the column; missing values are empty cells, NA, NaN, null, none or ?",
  "word-for-missing": () =>
    "is not a number; for a missing value leave the cell empty or write NA; --ignore omits the column",
  "not-finite": () => "is not finite in double precision; correct it or remove the row",
  nan: () =>
    "does not mark a missing value in a format with null; write null instead, or correct it",
  "beyond-exact": () =>
    "is beyond 2^53, where double precision cannot hold every integer; write the column as float64 if rounding is acceptable",
  "not-a-class": () => "is not one of the classes; correct it or remove the row",
  "not-an-integer-class": () =>
    "is not a class (a name or an integer); correct it or use regression",
  "decimal-comma": (cell: string) =>
    `has a decimal comma; write ${rewritten(cell, ",", ".")}, or set --decimal comma if all cells have one`,
  "decimal-point": (cell: string) =>
    `has a decimal point, and other cells a decimal comma; write ${rewritten(cell, ".", ",")}, or set --decimal point if all cells have one`,
  "thousands-or-decimal": (cell: string) =>
    `is ${cell.replaceAll(/[.,]/g, "")} or ${rewritten(cell, ",", ".")}; set the decimal mark with --decimal point or --decimal comma`,
  percentage: () =>
    "is a percentage; write the number alone, with the whole column either as fractions or in percent",
  unit: () => "has a currency sign; write the number alone",
} as const

/** A cell that cannot be used, and why. */
export class BadCell extends Schema.TaggedError<BadCell>()("BadCell", {
  path: Schema.String,
  row: Schema.Int,
  /** Name of the column, or `column 2` and similar in a file without names. */
  column: Schema.String,
  isUnnamed: Schema.optionalKey(Schema.Boolean),
  cell: Schema.String,
  reason: Schema.Literals([
    "missing",
    "not-a-number",
    "word-for-missing",
    "not-finite",
    "nan",
    "beyond-exact",
    "not-a-class",
    "not-an-integer-class",
    "decimal-comma",
    "decimal-point",
    "thousands-or-decimal",
    "percentage",
    "unit",
  ]),
}) {
  override get message(): string {
    const column = this.isUnnamed === true ? this.column : `column ${quote(this.column)}`
    return `${this.path}: row ${this.row}, ${column}: ${quote(this.cell)} ${whyBad[this.reason](this.cell)}`
  }
}

/** A row has more or fewer cells than the first one, which may not be part of the table. */
export class RaggedRow extends Schema.TaggedError<RaggedRow>()("RaggedRow", {
  path: Schema.String,
  row: Schema.Int,
  expected: Schema.Int,
  found: Schema.Int,
}) {
  override get message(): string {
    const cells = `${this.expected} ${this.expected === 1 ? "cell" : "cells"}`
    const next =
      this.expected === 1
        ? `if the table begins here, remove the lines above row ${this.row}`
        : "check the row for a missing or extra separator"
    return `${this.path}: row ${this.row}: ${cells} expected as in the first row, ${this.found} found; ${next}`
  }
}

/** The file is empty, or has nothing below its header. */
export class EmptyCsv extends Schema.TaggedError<EmptyCsv>()("EmptyCsv", {
  path: Schema.String,
  missing: Schema.Literals(["everything", "data"]),
}) {
  override get message(): string {
    return this.missing === "everything"
      ? `${this.path}: the file is empty; check the path`
      : `${this.path}: there are no rows below the header; add at least one`
  }
}

/** Two columns of the header have the same name, or one has none. Columns count from 1. */
export class BadHeader extends Schema.TaggedError<BadHeader>()("BadHeader", {
  path: Schema.String,
  row: Schema.Int,
  column: Schema.String,
  positions: Schema.NonEmptyArray(Schema.Int),
}) {
  override get message(): string {
    const place = `${this.path}: row ${this.row}`
    return this.column === ""
      ? `${place}: column ${this.positions[0]} has no name; name it or remove the column`
      : `${place}: columns ${this.positions.join(" and ")} are both named ` +
          `${quote(this.column)}; rename or remove one`
  }
}

/** The header lacks a requested column. */
export class MissingColumn extends Schema.TaggedError<MissingColumn>()("MissingColumn", {
  path: Schema.String,
  column: Schema.String,
  available: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const oneColumn = this.available.length === 1
    return (
      `${this.path}: no column ${quote(this.column)}; the header has ${listOf(this.available)}; ` +
      (oneColumn
        ? "check the delimiter, and remove lines above the header"
        : "choose one of these") +
      (this.available.length > 0 && this.available.every(Cell.isNumber)
        ? "; all are numbers, so the file seems to have no header: write one above its rows"
        : "")
    )
  }
}

/** Only the target is left: no column can be a feature. */
export class NoFeatures extends Schema.TaggedError<NoFeatures>()("NoFeatures", {
  path: Schema.String,
  available: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return (
      `${this.path}: no feature column beside the target; the header has ` +
      `${listOf(this.available)}; keep at least one column more`
    )
  }
}

/** Every row has the same class, so nothing can be classified. */
export class SingleClass extends Schema.TaggedError<SingleClass>()("SingleClass", {
  path: Schema.String,
  column: Schema.String,
  class: Schema.String,
}) {
  override get message(): string {
    return (
      `${this.path}: column ${quote(this.column)} holds the class ${quote(this.class)} only; ` +
      "at least two classes are needed: choose another target"
    )
  }
}

/** A table that must fit into memory has too many cells. */
export class TooManyCells extends Schema.TaggedError<TooManyCells>()("TooManyCells", {
  path: Schema.String,
  row: Schema.Int,
  atMost: Schema.Int,
}) {
  override get message(): string {
    return `${this.path}: row ${this.row}: more than ${this.atMost} cells, the limit for a table in memory; give fewer rows or columns`
  }
}

/** Explanations by error code of the parser. */
const whyMalformed: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote is not closed",
  INVALID_OPENING_QUOTE: "a quote occurs inside a cell that does not begin with one",
  CSV_INVALID_CLOSING_QUOTE: "text follows the closing quote of a cell",
}

/** The quoting is broken, as reported by the parser. */
export class MalformedCsv extends Schema.TaggedError<MalformedCsv>()("MalformedCsv", {
  path: Schema.String,
  row: Schema.Int,
  code: Schema.String,
}) {
  override get message(): string {
    return (
      `${this.path}: row ${this.row}: ${whyMalformed[this.code] ?? "broken quoting"}; ` +
      'close every quote, and double each quote inside a cell, as in "a ""quoted"" word"'
    )
  }
}

/**
 * The rows of a private file do not have the declared form. The error hides the problem and its position, because readers of
 * the message may not see the rows.
 */
export class UnusableTable extends Schema.TaggedError<UnusableTable>()("UnusableTable", {
  path: Schema.String,
  /** Expected content, such as "table of numbers". */
  needs: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: no ${this.needs}; the owner of the rows can check it`
  }
}

/** Two delimiters split the file into a table. */
export class UnclearDelimiter extends Schema.TaggedError<UnclearDelimiter>()("UnclearDelimiter", {
  path: Schema.String,
  /** Candidates as values of the option. */
  candidates: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `${this.path}: its cells may be separated by ${this.candidates.join(" or ")}; choose one with --delimiter ${this.candidates.join(" or --delimiter ")}`
  }
}

const whatElse = {
  spreadsheet: "save the sheet as CSV and give that file",
  gzip: "unpack it first",
  sqlite: "write the table as CSV: sqlite3 -header -csv file 'SELECT * FROM name'",
  hdf5: 'write the table as CSV first: pandas.read_hdf(path).to_csv("table.csv")',
  picture: "give its numbers as a table or a NumPy array",
  pdf: "save its table as CSV and give that file",
  pickle: 'write the table as CSV from the program that made it: frame.to_csv("table.csv")',
  safetensors: "give the table of their features",
  pointer: "fetch the file itself: git lfs pull",
  markup: "save its table as CSV and give that file",
  json: "write it as CSV first, with a header and one line per record",
} as const satisfies Readonly<Record<keyof typeof FileKind.names, string>>

const binary =
  "it contains bytes that do not occur in text; give a text file, or set --encoding utf-16le or utf-16be"

/** The file is not a table of text. */
export class NotText extends Schema.TaggedError<NotText>()("NotText", {
  path: Schema.String,
  is: Schema.Literals([
    "spreadsheet",
    "gzip",
    "sqlite",
    "hdf5",
    "picture",
    "pdf",
    "pickle",
    "safetensors",
    "pointer",
    "markup",
    "json",
    "binary",
  ]),
}) {
  override get message(): string {
    const { is, path } = this
    return `${path}: ${is === "binary" ? binary : `it is ${FileKind.names[is]}; ${whatElse[is]}`}`
  }
}

/** Bytes that the encoding of the file does not have. */
export class BadEncoding extends Schema.TaggedError<BadEncoding>()("BadEncoding", {
  path: Schema.String,
  row: Schema.Int,
}) {
  override get message(): string {
    return `${this.path}: row ${this.row}: it contains bytes that are not UTF-8; set the encoding with --encoding, such as windows-1252`
  }
}

/** Errors of a file before its cells are interpreted: in its encoding or its format. */
export type TextError =
  | UnclearDelimiter
  | NotText
  | BadEncoding
  | MalformedCsv
  | BackendUnavailable
  | BadArchive
  | BadArray
  | TooManyBytes
  | UnreadableTable

/** Errors when reading a file with a header, except UnusableTable. */
export type CsvError =
  | FileError
  | BadCell
  | RaggedRow
  | TooManyCells
  | EmptyCsv
  | BadHeader
  | MissingColumn
  | NoFeatures
  | SingleClass
  | TextError
