/** What lies packed in the page until it is looked at: what writes a page and what reads it agree on this. */
import type { Row } from "@nonconvex/evidence/Experiment"
import { isObject } from "@nonconvex/evidence/FigureRows"
import type { ExperimentResult } from "@nonconvex/evidence/Report"
import type { Margins, Nearest } from "@nonconvex/evidence/Verdict"
import type { Schema } from "effect"

type Figure = ExperimentResult["figures"][number]

type MarginsInOrder = readonly [worst: number, percent1: number, percent10: number, median: number]

/** What can be found on the page, one of each address. */
export interface Entry {
  /** What stands behind the `#`. */
  readonly address: string
  readonly kind: "system" | "claim" | "erratum" | "experiment" | "study"
  /** The id of its system. */
  readonly system: string
  readonly title: string
  /** Searched beside the title, and shown below it. */
  readonly text: string
  /** The part that has its markup. */
  readonly part: string
  /** Of claims and errata. */
  readonly basis?: string
  readonly verdict?: string
  /** Of errata. */
  readonly class?: string
  /** Of claims that held: worst, first percentile, tenth, median. */
  readonly margins?: MarginsInOrder
}

/** Whether an entry is a claim or an erratum. */
export const isStatement = ({ kind }: Entry): boolean => kind === "claim" || kind === "erratum"

/** A cell as JSON, which has no NaN and no infinities: these are in brackets, by their words. Null where a row has none. */
type Cell = Row[string] | readonly [word: string] | null

/** A table by its columns: a name stands once, and like lies beside like, which packs to three quarters. */
export type Columns = Readonly<Record<string, ReadonlyArray<Cell>>>

/** How far a claim that held was from being violated. */
export interface Measured {
  readonly runs: number
  readonly margins: Margins
  readonly nearest?: Nearest
  /** Whether its bound is nearly attained, or how loose it is; empty of what has none. */
  readonly loose: string
}

/** What a part holds. */
export interface Part {
  /** By address. */
  readonly markup: Readonly<Record<string, string>>
  /** Of claims that held, by address. */
  readonly measured?: Readonly<Record<string, Measured>>
  /** Of an experiment or a study; `dense` where it is packed. */
  readonly figures?: ReadonlyArray<Figure>
  /** The table that the figures draw. */
  readonly columns?: Columns
}

/** The part that lists what there is. */
export interface Index {
  readonly entries: ReadonlyArray<Entry>
  /** A picture of each system, by its id, as SVG. */
  readonly pictures: Readonly<Record<string, string>>
}

/** The names of the parts that are not those of an address. */
export const index = "index"
export const engine = "engine"
export const play = "play"

export const marginsOf = ({ median, percent1, percent10, worst }: Margins): MarginsInOrder => [
  worst,
  percent1,
  percent10,
  median,
]

const cellOf = (value: Row[string] | undefined): Cell =>
  typeof value === "number" && !Number.isFinite(value) ? [String(value)] : (value ?? null)

export const columnsOf = (rows: ReadonlyArray<Row>): Columns => {
  const names = [...new Set(rows.flatMap(Object.keys))]
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => cellOf(row[name]))]))
}

export const rowsOf = (columns: Columns): ReadonlyArray<Row> => {
  const named = Object.entries(columns)
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

/** The key of a table that stands by its columns. */
const byColumns = "by columns"

/** Of fewer rows the names of columns are no burden. */
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

/** The same JSON with the rows of its tables by their columns, as those of figures that have rows of their own. */
export const dense = (value: Schema.Json): Schema.Json => {
  if (!isTable(value)) return within(value, dense)
  const names = Object.keys(value[0]!)
  return {
    [byColumns]: Object.fromEntries(
      names.map((name) => [name, value.map((row) => dense(row[name]!))]),
    ),
  }
}

/** What was dense, as it was. */
export const loose = (value: Schema.Json): Schema.Json => {
  const columns = isObject(value) ? value[byColumns] : undefined
  if (!isObject(columns)) return within(value, loose)
  const named = Object.entries(columns) as ReadonlyArray<readonly [string, Schema.JsonArray]>
  return (named[0]?.[1] ?? []).map((_, row) =>
    Object.fromEntries(named.map(([name, values]) => [name, loose(values[row]!)])),
  )
}
