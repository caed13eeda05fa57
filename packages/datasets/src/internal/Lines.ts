/** The line of the file on which each record starts, from 1. */
import type { InfoRecord } from "csv-parse"

export type ParserCounts = Pick<InfoRecord, "lines" | "empty_lines" | "comment_lines">

const lineBreak = /\r\n|\r|\n/g

const skippedOf = ({ comment_lines, empty_lines }: ParserCounts): number =>
  empty_lines + comment_lines

/**
 * Follows csv-parse, which counts the last line of a record, and a "\r\n" inside quotes as two lines. So the line breaks of a
 * record of several lines are counted again here.
 */
export class LineCounter {
  #end: number
  #counted = 0
  #skipped = 0

  /** Counts lines from the given number above the parsed text. */
  constructor(above: number) {
    this.#end = above
  }

  /** The start of a record that ends where `counts` are, given that it follows the last one. */
  next(counts: ParserCounts): number {
    return this.#end + 1 + skippedOf(counts) - this.#skipped
  }

  /** The start of this record, which becomes the last one. */
  advance(record: ReadonlyArray<string>, counts: ParserCounts): number {
    const start = this.next(counts)
    const isOneLine = counts.lines - this.#counted === start - this.#end
    const breaks = isOneLine
      ? 0
      : record.reduce((sum, cell) => sum + (cell.match(lineBreak)?.length ?? 0), 0)
    this.#end = start + breaks
    this.#counted = counts.lines
    this.#skipped = skippedOf(counts)
    return start
  }
}
