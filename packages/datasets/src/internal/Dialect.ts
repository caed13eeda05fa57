/** Delimiter and number format of a table, detected from its first lines. */
import { Result } from "effect"
import { UnclearDelimiter } from "../CsvError.ts"
import { type Options, type Spelling } from "../Spelling.ts"
import * as Cell from "./Cell.ts"
import { forEachRow } from "./RowPreview.ts"
import type { Cells, Divisions } from "./Parser.ts"
import { type Delimiter, nameOf, type Notation } from "./Notation.ts"

type Quote = Spelling["quote"]
/** In order of preference; a space occurs in many texts. */
const delimiters: ReadonlyArray<Delimiter> = [",", ";", "\t", "|", "::", " "]

/** Number of bytes from which the delimiter is detected. */
const enough = 32_768

/** The line `sep=` that declares the delimiter for Excel, without its line break. */
const excelLine = /^\s*"?sep=(.+?)"?(?:\r\n|\r|\n|$)/i

const comment = /^[ \t]*#/m

/** Complete lines of a sample; all of it if there is none. */
const wholeLines = (sample: string, limit: number): string => {
  if (sample.length <= limit) return sample
  const end = Math.max(sample.lastIndexOf("\n", limit), sample.lastIndexOf("\r", limit))
  return end > 0 ? sample.slice(0, end + 1) : sample
}

const cellEnd = String.raw`(?=\s*(?:[,;\t|\r\n]|::|$)| )`
const cellStart = String.raw`(?:^|[,;\t| ]|::)[ \t]*`
const singleQuoted = new RegExp(`(${cellStart})'(?:[^'\r\n]|'')*'${cellEnd}`, "gm")
const singleQuote = new RegExp(`${cellStart}'`, "m")
const doubleQuote = new RegExp(`${cellStart}"`, "m")

/** Single quotes, if cells are enclosed in them and none starts with a double one. */
const quoteOf = (text: string): Quote => {
  if (!text.includes("'") || doubleQuote.test(text)) return '"'
  const rest = text.replaceAll(singleQuoted, "$1")
  return rest !== text && !singleQuote.test(rest) ? "'" : '"'
}

interface Candidate {
  readonly delimiter: Delimiter
  /** Regularity: 2 if all rows have the same number of cells, 1 if the first has one more or less, otherwise 0. */
  readonly regularity: 0 | 1 | 2
  /** Share of the cells explained: 1 for numbers, a half for words, 0 for cells that another delimiter divides. */
  readonly clarity: number
  /** Share of the rows with the most frequent number of cells, if that number is above one. */
  readonly agreement: number
}

const inner = /[,;\t|]|::/

const clarityOf = (cell: string): number => {
  if (Cell.isMissing(cell) || Cell.isNumber(cell) || Cell.notationOf(cell) !== undefined) return 1
  return inner.test(cell) ? 0 : 0.5
}

const judge = (delimiter: Delimiter, text: string, quote: Quote): Candidate => {
  const rows: Array<Cells> = []
  forEachRow(text, { delimiter, quote }, (row) => rows.push(row))
  const counts = new Map<number, number>()
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1)
  const [most = [0, 0]] = [...counts].toSorted(([, a], [, b]) => b - a)
  const below = rows.length > 1 ? rows.slice(1) : rows
  const cells = below.flat()
  const clarity = cells.reduce((sum, cell) => sum + clarityOf(cell), 0) / Math.max(1, cells.length)
  const width = below[0]?.length ?? 0
  const isRegular = width > 1 && below.every(({ length }) => length === width)
  const apart = Math.abs((rows[0]?.length ?? 0) - width)
  // words are divided by spaces, and do not make a table
  const isProse =
    delimiter === " " &&
    !below.every((row) => row.some((cell) => Cell.isNumber(cell) || Cell.isMissing(cell)))
  const regularity = !isRegular || apart > 1 || isProse ? 0 : apart === 0 ? 2 : 1
  return {
    delimiter,
    regularity,
    clarity,
    agreement: most[0] > 1 && !isProse ? most[1] / rows.length : 0,
  }
}

/** Chooses by regularity, then clarity; if none is regular, the most frequent, for which the reader will report ragged rows. */
const delimiterOf = (path: string, text: string, quote: Quote) => {
  const judged = delimiters
    .filter((delimiter) => text.includes(delimiter) || (delimiter === " " && text.includes("\t")))
    .map((delimiter) => judge(delimiter, text, quote))
  const regular = judged
    .filter(({ regularity }) => regularity > 0)
    .toSorted((a, b) => b.regularity - a.regularity || b.clarity - a.clarity)
  const [best, next] = regular
  if (best === undefined) {
    const [likely] = judged.toSorted((a, b) => b.agreement - a.agreement)
    return Result.succeed(likely !== undefined && likely.agreement > 0 ? likely.delimiter : ",")
  }
  const isTied = next?.regularity === best.regularity && next.clarity === best.clarity
  if (!isTied || next.delimiter === " ") return Result.succeed(best.delimiter)
  const candidates = [best, next].map(({ delimiter }) => nameOf(delimiter))
  return Result.fail(new UnclearDelimiter({ path, candidates }))
}

/** A comma where numbers have decimal commas, and none a decimal point. */
const notationOf = (text: string, divisions: Pick<Divisions, "delimiter" | "quote">): Notation => {
  let [points, commas, pointGroups, commaGroups] = [0, 0, false, false]
  forEachRow(text, divisions, (row) => {
    for (const cell of row) {
      const seen = Cell.notationOf(cell)
      if (seen?.decimal === ",") [commas, commaGroups] = [commas + 1, commaGroups || seen.groups]
      if (seen?.decimal === ".") [points, pointGroups] = [points + 1, pointGroups || seen.groups]
    }
  })
  const isComma = commas > 0 && points === 0
  return isComma
    ? { decimal: ",", groups: commaGroups }
    : { decimal: ".", groups: pointGroups && commas === 0 }
}

/** Detected format, and the lines that are no part of the table. */
export interface Dialect {
  readonly dialect: Omit<Spelling, "encoding">
  /** At the beginning of the text. */
  readonly characters: number
  /** The lines that these characters are. */
  readonly lines: number
  /** True if some lines start with #. The search for them doubles the parser's time, so it is only done if needed. */
  readonly comments: boolean
}

/** Detects the format of a text from a sample of its start, where the options leave it open. */
export const detect = (
  path: string,
  sample: string,
  { decimal, delimiter: declared }: Options,
): Result.Result<Dialect, UnclearDelimiter> => {
  const [line, excel] = excelLine.exec(sample) ?? [""]
  const text = wholeLines(sample.slice(line.length), 8 * enough)
  const quote = quoteOf(text)
  const named = delimiters.find((each) => each === excel || (excel === "\\t" && each === "\t"))
  const given = declared ?? named
  const found =
    given === undefined ? delimiterOf(path, wholeLines(text, enough), quote) : Result.succeed(given)
  return Result.map(found, (delimiter) => ({
    dialect: {
      delimiter,
      quote,
      ...(decimal === undefined
        ? notationOf(text, { delimiter, quote })
        : { decimal, groups: true }),
    },
    characters: line.length,
    lines: line === "" ? 0 : 1,
    comments: comment.test(text),
  }))
}
