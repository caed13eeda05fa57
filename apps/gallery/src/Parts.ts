/** Parts of a page that stay packed until a reader opens them: the format shared by the writer and the reader of a page. */
import type { Row } from "@nonconvex/evidence/Experiment"
import { isObject } from "@nonconvex/figures"
import type { ExperimentResult } from "@nonconvex/evidence/Report"
import type { Margins, Nearest } from "@nonconvex/evidence/Verdict"
import type { Schema } from "effect"
import type { Cell, Columns, Doubles } from "./Columns.ts"
import { significantDigits } from "./SignificantDigits.ts"

type Figure = ExperimentResult["figures"][number]

type MarginsInOrder = readonly [worst: number, percent1: number, percent10: number, median: number]

/** Entry of the page: anything with an address of its own. */
export interface Entry {
  /** Text after the `#`. */
  readonly address: string
  readonly kind: "system" | "theorem" | "claim" | "erratum" | "experiment" | "study" | "list"
  /** Id of its system; empty for a list of all. */
  readonly system: string
  readonly title: string
  /** Text below the title, which the search also covers. */
  readonly text: string
  /** Other titles that a search finds it by, which are not shown. */
  readonly names?: ReadonlyArray<string>
  /** Further search words, which are not shown. */
  readonly also?: string
  /** Part that contains its markup. */
  readonly part: string
  /** Paper, place in it and source status, for claims and errata. */
  readonly source?: string
  readonly basis?: string
  readonly verdict?: string
  /** Colour of the verdict, if its word is not enough. */
  readonly tone?: "good" | "note" | "bad"
  /** Class of an erratum. */
  readonly class?: string
  /** Margins of a claim that held: worst, first percentile, tenth percentile, median. */
  readonly margins?: MarginsInOrder
}

/** Distance of a claim that held from a violation. */
export interface Measured {
  readonly runs: number
  readonly margins: Margins
  readonly nearest?: Nearest
  /** Looseness of the bound, or a note that it is nearly attained; empty for a statement without a bound. */
  readonly loose: string
}

/** Content of a part. */
export interface Part {
  /** Markup by address. */
  readonly markup: Readonly<Record<string, string>>
  /** Margins of the claims that held, by address. */
  readonly measured?: Readonly<Record<string, Measured>>
  /** Figures of an experiment or a study, packed (`pack`). */
  readonly figures?: ReadonlyArray<Figure>
  /** Table that the figures draw. */
  readonly columns?: Columns
}

/** The part that lists all content. */
export interface Index {
  readonly entries: ReadonlyArray<Entry>
  /** A picture of each system as SVG, by id. */
  readonly pictures: Readonly<Record<string, string>>
}

/** A term of the glossary. */
export interface Term {
  readonly term: string
  readonly also: ReadonlyArray<string>
  /** Id of the system that uses it in this sense, or `evidence`. */
  readonly system: string
  readonly meaning: string
  /** Its place on the glossary page. */
  readonly place: string
}

/** Names of the parts without an address, which all pages share. */
export const shared = {
  index: "index",
  terms: "terms",
  engine: "engine",
  play: "play",
  replay: "replay",
} as const

/** Margins in the page's order. */
export const marginsOf = ({ median, percent1, percent10, worst }: Margins): MarginsInOrder => [
  worst,
  percent1,
  percent10,
  median,
]

const cellOf = (value: Row[string] | undefined): Cell =>
  typeof value === "number" && !Number.isFinite(value) ? [String(value)] : (value ?? null)

/** Characters from which on a number is shorter as bytes. */
const manyLetters = 11

/** Bytes of a double, those needed for ten digits, and those at its end that are not. */
const [whole, kept, rest] = [8, 6, 2]

const rounded = (value: number): number => Number(value.toPrecision(significantDigits))

/** Tests whether many of the numbers have many digits; those close to zero have them in their last bytes. */
const areLong = (values: ReadonlyArray<unknown>): values is ReadonlyArray<number> =>
  values.length > 3 &&
  values.every(
    (value) => typeof value === "number" && !(Math.abs(value) < 1e-300 && value !== 0),
  ) &&
  values.reduce<number>((sum, value) => sum + String(value).length, 0) >=
    manyLetters * values.length

const doublesOf = (numbers: ReadonlyArray<number>): Doubles => {
  const bytes = new Uint8Array(Float64Array.from(numbers, rounded).buffer)
  const count = numbers.length
  const planes = Array.from({ length: kept * count }, (_, at) =>
    String.fromCharCode(bytes[whole * (at % count) + rest + Math.floor(at / count)]!),
  )
  return { doubles: btoa(planes.join("")) }
}

const numbersOf = ({ doubles }: Doubles): ReadonlyArray<number> => {
  const planes = atob(doubles)
  const count = Math.floor(planes.length / kept)
  const bytes = new Uint8Array(whole * count)
  for (let at = 0; at < kept * count; at++) {
    bytes[whole * (at % count) + rest + Math.floor(at / count)] = planes.charCodeAt(at)
  }
  return Array.from(new Float64Array(bytes.buffer), rounded)
}

/** Restores a column. */
const asValues = <Value>(column: ReadonlyArray<Value> | Doubles): ReadonlyArray<Value | number> =>
  "doubles" in column ? numbersOf(column) : column

const byName = (
  rows: ReadonlyArray<Row>,
  columnOf: (values: ReadonlyArray<Row[string] | undefined>) => Columns[string],
): Columns =>
  Object.fromEntries(
    [...new Set(rows.flatMap(Object.keys))].map((name) => [
      name,
      columnOf(rows.map((row) => row[name])),
    ]),
  )

/** Converts a table to columns: numbers are cut to `significantDigits` digits if many have more. */
export const columnsOf = (rows: ReadonlyArray<Row>): Columns =>
  byName(rows, (values) => (areLong(values) ? doublesOf(values) : values.map(cellOf)))

/** Columns with all digits, for pages with enough room. */
export const wholeColumnsOf = (rows: ReadonlyArray<Row>): Columns =>
  byName(rows, (values) => values.map(cellOf))

/** The rows of a table stored by columns. */
export const rowsOf = (columns: Columns): ReadonlyArray<Row> => {
  const named = Object.entries(columns).map(([name, column]) => [name, asValues(column)] as const)
  const length = named[0]?.[1].length ?? 0
  return Array.from({ length }, (_, i) =>
    Object.fromEntries(
      named.flatMap(([name, values]) => {
        const cell = values[i] ?? null
        if (cell === null) return []
        return [[name, typeof cell === "object" ? Number(cell[0]) : cell] as const]
      }),
    ),
  )
}

/** The key of a table stored by columns. */
const byColumns = "by columns"

/** Fewest rows for which it is worth omitting column names. */
const fewest = 4

const isTable = (value: Schema.Json): value is ReadonlyArray<Schema.JsonObject> => {
  if (!Array.isArray(value) || value.length < fewest || !value.every(isObject)) return false
  const names = Object.keys(value[0]!)
  const asOne = JSON.stringify(names)
  return names.length > 0 && value.every((row) => JSON.stringify(Object.keys(row)) === asOne)
}

const within = (value: Schema.Json, change: (part: Schema.Json) => Schema.Json): Schema.Json => {
  if (Array.isArray(value)) return value.map(change)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, change(part)]))
}

/** Key for rows that are rows of the experiment's table: runs as first index and count. */
const ofTable = "rows of the table"

/** Index of a row by its content; rows with values that JSON cannot represent have none. */
type Known = ReadonlyMap<string, number>

/** Indices of the rows of a table, from 0, by content. */
export const rowIndices = (rows: ReadonlyArray<Row>): Known =>
  new Map(
    rows.flatMap((row, number) =>
      Object.values(row).every((cell) => typeof cell !== "number" || Number.isFinite(cell))
        ? [[JSON.stringify(row), number] as const]
        : [],
    ),
  )

/** Runs of indices, each as its first and its length; undefined if a row is not in the table. */
const runsOf = (
  rows: ReadonlyArray<Schema.JsonObject>,
  known: Known,
): ReadonlyArray<number> | undefined => {
  const runs: Array<number> = []
  for (const row of rows) {
    const number = known.get(JSON.stringify(row))
    if (number === undefined) return undefined
    const [first = -1, length = 0] = runs.slice(-2)
    if (number === first + length) runs[runs.length - 1]!++
    else runs.push(number, 1)
  }
  return runs
}

/** Compresses the tables inside the JSON of a figure. Rows of the experiment's table become their indices; other tables become columns. */
export const pack = (value: Schema.Json, known: Known = new Map()): Schema.Json => {
  if (!isTable(value)) return within(value, (part) => pack(part, known))
  const runs = runsOf(value, known)
  if (runs !== undefined) return { [ofTable]: runs }
  const names = Object.keys(value[0]!)
  return {
    [byColumns]: Object.fromEntries(
      names.map((name) => {
        const column = value.map((row) => pack(row[name]!, known))
        return [name, areLong(column) ? { ...doublesOf(column) } : column]
      }),
    ),
  }
}

/**
 * Restores compressed JSON from the table of its experiment.
 *
 * @internal
 */
export const unpack = (value: Schema.Json, table: ReadonlyArray<Row> = []): Schema.Json => {
  const runs = isObject(value) ? value[ofTable] : undefined
  if (Array.isArray(runs)) {
    const numbers = runs as ReadonlyArray<number>
    return numbers.flatMap((first, k) =>
      k % 2 === 0 ? table.slice(first, first + numbers[k + 1]!) : [],
    )
  }
  const columns = isObject(value) ? value[byColumns] : undefined
  if (!isObject(columns)) return within(value, (part) => unpack(part, table))
  const named = Object.entries(columns as Readonly<Record<string, Schema.JsonArray | Doubles>>).map(
    ([name, column]) => [name, asValues(column)] as const,
  )
  return (named[0]?.[1] ?? []).map((_, row) =>
    Object.fromEntries(named.map(([name, values]) => [name, unpack(values[row]!, table)])),
  )
}
