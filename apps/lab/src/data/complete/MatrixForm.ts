/** A matrix with holes, whose first line and first column may be names. */
import { EmptyCsv } from "@nonconvex/datasets/CsvError"
import { Effect } from "effect"
import { isNumber, isWord, type Records, value } from "./Cells.ts"
import type { NamedTable } from "./CompleteInput.ts"
import { OneColumn, WordAmongThree } from "./InputError.ts"

/** What the user says of first line and first column; what is absent is told by the cells. */
export interface Told {
  readonly header: boolean | undefined
  readonly rowNames: boolean | undefined
}

const firstOf = ({ cells }: Records[number]): string => cells[0]!

/** Words in the first cell of some lines, and in none a number: a blank or a row called NA is no hole among names. */
const isOfNames = (body: Records): boolean =>
  body.some((record) => isWord(firstOf(record))) &&
  !body.some((record) => isNumber(firstOf(record)))

/** What numbers are where they name columns: whole, and each another. */
const areLabels = (cells: ReadonlyArray<string>): boolean =>
  cells.every((cell) => /^\d+$/.test(cell)) && new Set(cells).size === cells.length

/**
 * A first line holds names where it has words and no number. Numbers, such as years, are names beside a word in the first cell
 * that no other line begins with, and beside a word or nothing over row names.
 */
const isHeader = (first: ReadonlyArray<string>, body: Records): boolean => {
  if (!first.some(isNumber)) return first.some(isWord)
  const [corner, ...rest] = first
  if (isNumber(corner!)) return false
  if (rest.some(isWord)) return true
  if (body.length === 0) return false
  if (isOfNames(body)) return areLabels(rest)
  return isWord(corner!) && !body.some((record) => isWord(firstOf(record)))
}

/** The first column holds names where its cells are words, or where it is an index under an empty corner. */
const hasRowNames = (header: ReadonlyArray<string> | undefined, body: Records): boolean =>
  isOfNames(body) ||
  (header !== undefined && header[0] === "" && body.every((record) => firstOf(record) !== ""))

export const read = Effect.fnUntraced(function* (path: string, records: Records, told: Told) {
  const first = records[0]!.cells
  const { header: hasHeader = isHeader(first, records.slice(1)) } = told
  const header = hasHeader ? first : undefined
  const body = hasHeader ? records.slice(1) : records
  if (body.length === 0) return yield* new EmptyCsv({ path, missing: "data" })
  const { rowNames: named = first.length > 1 && hasRowNames(header, body) } = told
  const skip = named ? 1 : 0
  const columns = first.length - skip
  if (columns <= 1) return yield* new OneColumn({ path })
  const nameOr = (name: string | undefined, instead: string) =>
    name === undefined || name === "" ? instead : name
  const columnNames = Array.from({ length: columns }, (_, j) =>
    nameOr(header?.[j + skip], `column ${j + 1}`),
  )
  const mayBeTriplets = first.length === 3
  const entries: Array<readonly [number, number]> = []
  const values: Array<number> = []
  for (const [i, { cells, row }] of body.entries()) {
    for (const [j, name] of columnNames.entries()) {
      const cell = cells[j + skip]!
      if (mayBeTriplets && isWord(cell)) {
        return yield* new WordAmongThree({ path, row, column: name, cell })
      }
      const number = yield* value(path, row, name, cell)
      if (number === undefined) continue
      entries.push([i, j])
      values.push(number)
    }
  }
  return {
    table: { rows: body.length, columns, entries, values: Float64Array.from(values) },
    rowNames: body.map(({ cells }, i) => nameOr(named ? cells[0] : undefined, `row ${i + 1}`)),
    columnNames,
    read: { form: "matrix", header: hasHeader, rowNames: named },
    isDelimited: (header?.at(-1) ?? "") === "",
  } satisfies NamedTable
})
