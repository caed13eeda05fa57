/**
 * The common rule for headers. A command that requests columns by name requires a header, and takes it from the first line.
 * A command that reads a matrix decides by the cells, or by the user's option.
 */
import { Result } from "effect"
import { BadHeader, MissingColumn } from "../CsvError.ts"
import type { Spelling } from "../Spelling.ts"
import { UnreadableTable } from "../TypedError.ts"
import * as Cell from "./Cell.ts"

/** Position of a header. */
export interface Place {
  readonly path: string
  /** The line of the file, from 1. */
  readonly row: number
}

/** The places of the columns by their names, from 0; or the first column without a name, or else with the name of another. */
export const placesOf = (
  header: ReadonlyArray<string>,
  { path, row }: Place,
): Result.Result<ReadonlyMap<string, number>, BadHeader> => {
  const known = new Map<string, number>()
  let repeated: BadHeader | undefined
  for (const [j, column] of header.entries()) {
    if (column === "") return Result.fail(new BadHeader({ path, row, column, positions: [j + 1] }))
    const first = known.get(column)
    if (first === undefined) known.set(column, j)
    else repeated ??= new BadHeader({ path, row, column, positions: [first + 1, j + 1] })
  }
  return repeated === undefined ? Result.succeed(known) : Result.fail(repeated)
}

/** The first of the names that the header does not have. */
export const missingColumn = (
  path: string,
  header: ReadonlyMap<string, number>,
  names: Iterable<string>,
): MissingColumn | undefined => {
  for (const column of names) {
    if (!header.has(column))
      return new MissingColumn({ path, column, available: [...header.keys()] })
  }
  return undefined
}

/** Finds the first requested column that is not read, by `is`. */
export const unreadColumn = (
  path: string,
  { unread = [] }: Spelling,
  is: (column: string) => boolean,
): UnreadableTable | undefined => {
  const found = unread.find(({ column }) => is(column))
  return found && new UnreadableTable({ path, ...found })
}

/** Cells that decide between names and numbers: those of the first line, and the first of every later line. */
export interface NamingCells {
  readonly first: ReadonlyArray<string>
  readonly below: ReadonlyArray<string>
}

/** Tests for names: words in some of the cells, and numbers in none; a blank or a row called NA is not a hole among names. */
const areNames = (cells: ReadonlyArray<string>): boolean =>
  cells.some(Cell.isWord) && !cells.some(Cell.isNumber)

/** Tests whether numbers can be column names: whole and distinct. */
const areLabels = (cells: ReadonlyArray<string>): boolean =>
  cells.every((cell) => /^\d+$/.test(cell)) && new Set(cells).size === cells.length

/**
 * Tests whether the first line of a matrix holds names: words and no number. Numbers, such as years, are names in two cases. The
 * first cell is a word that starts no other line. Or the first cell is a word or empty, above row names.
 */
export const isHeader = ({ below, first }: NamingCells): boolean => {
  if (!first.some(Cell.isNumber)) return first.some(Cell.isWord)
  const [corner, ...rest] = first
  if (Cell.isNumber(corner!)) return false
  if (rest.some(Cell.isWord)) return true
  if (below.length === 0) return false
  if (areNames(below)) return areLabels(rest)
  return Cell.isWord(corner!) && !below.some(Cell.isWord)
}

/** Tests whether the first column holds names: its cells are words, or it is an index under an empty corner. */
export const hasRowNames = (corner: string | undefined, below: ReadonlyArray<string>): boolean =>
  areNames(below) || (corner === "" && below.every((cell) => cell !== ""))

/** Internal name of an unnamed first column next to named ones: an index of the rows. No file uses this name. */
export const index = "\0"

/** Header in which an index in the first column has a name. */
export const indexed = (header: ReadonlyArray<string>): ReadonlyArray<string> =>
  header.length > 1 && header[0] === "" ? [index, ...header.slice(1)] : header
