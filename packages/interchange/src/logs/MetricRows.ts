/** Everything that a program reports about a run, as rows of named values: from its log, or from lines of its output. */
import { bytesOf, type FileError } from "@nonconvex/datasets/FileError"
import * as Table from "@nonconvex/datasets/Table"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect, type FileSystem, Stream } from "effect"
import { numberOf } from "./JsonLog.ts"
import { type Fields, JsonRecords, parse } from "./JsonRecords.ts"
import { DamagedLog, LogTooLarge, type NoLogs, NotALog } from "./LogError.ts"
import { readLog } from "./ReadLog.ts"
import * as RunFiles from "./RunFiles.ts"
import { most, type Series } from "./Series.ts"

/** A row of named values. */
export type MetricRow = { readonly [name: string]: number | string | boolean }

/** Deepest nesting of objects whose fields are values of the row, with names joined by slashes. */
const deepest = 4

/** Values of an object: numbers, also those written as text, texts and truth values. Lists and nulls are left out. */
export const rowOf = (fields: Fields): MetricRow => {
  const row: Record<string, number | string | boolean> = {}
  const walk = (object: Fields, before: string, depth: number): void => {
    for (const [key, value] of Object.entries(object)) {
      const name = before + key
      const number = numberOf(value)
      if (number !== undefined) row[name] = number
      else if (typeof value === "string" || typeof value === "boolean") row[name] = value
      else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
        if (depth < deepest) walk(value as Fields, `${name}/`, depth + 1)
      }
    }
  }
  walk(fields, "", 1)
  return row
}

const isEmpty = (row: MetricRow): boolean => Object.keys(row).length === 0

/** Row of a line of output that is a JSON object with values; undefined for other lines. */
export const rowOfLine = (line: string): MetricRow | undefined => {
  if (!/^\s*\{.*\}\s*$/.test(line)) return undefined
  try {
    const row = rowOf(parse(line) as Fields)
    return isEmpty(row) ? undefined : row
  } catch {
    return undefined
  }
}

/** Rows of an object whose fields are lists, as Keras writes its history; none if it has no list. */
const transposed = (fields: Fields): ReadonlyArray<MetricRow> => {
  const lists = Object.entries(fields).filter((field): field is [string, ReadonlyArray<unknown>] =>
    Array.isArray(field[1]),
  )
  const count = Math.max(0, ...lists.map(([, list]) => list.length))
  return Array.from({ length: count }, (_, k) =>
    rowOf(Object.fromEntries(lists.map(([name, list]) => [name, list[k]]))),
  )
}

const inJson = Effect.fnUntraced(function* (path: string) {
  const rows: Array<MetricRow> = []
  let only: Fields | undefined
  const records = new JsonRecords(path, {
    record: (fields) => {
      if (rows.length === most.numbers) {
        throw new LogTooLarge({ path, what: "records", most: most.numbers })
      }
      only = rows.length === 0 ? fields : undefined
      rows.push(rowOf(fields))
    },
    head: () => undefined,
  })
  const decoder = new TextDecoder()
  yield* Stream.runForEach(bytesOf(path), (chunk) =>
    Seam.attempt([DamagedLog, LogTooLarge], () =>
      records.push(decoder.decode(chunk, { stream: true })),
    ),
  )
  yield* Seam.attempt([DamagedLog], () => records.finish())
  const columns = only === undefined ? [] : transposed(only)
  return columns.length > 0 ? columns : rows
})

/** Cells below the header: numbers, also words such as `nan`, and texts. Empty cells are left out. */
const inTable = Effect.fnUntraced(function* (path: string) {
  const { first, records, text, values, width } = yield* Table.grid(path)
  return Array.from({ length: records - 1 }, (_, k) => {
    const row: Record<string, number | string> = {}
    first.forEach((name, j) => {
      // an index
      if (name === "") return
      const value = values[(k + 1) * width + j]!
      const word = Number.isNaN(value) ? (text(k + 1, j) ?? "") : ""
      if (!Number.isNaN(value)) row[name] = value
      else if (word !== "") row[name] = numberOf(word) ?? word
    })
    return row
  })
})

/** Numbers of a log by their steps. */
const byStep = (columns: ReadonlyArray<Series>): ReadonlyArray<MetricRow> => {
  const rows = new Map<number, Record<string, number>>()
  for (const { name, steps, values } of columns) {
    for (let k = 0; k < steps.length; k++) {
      const row = rows.get(steps[k]!) ?? { step: steps[k]! }
      row[name] = values[k]!
      rows.set(steps[k]!, row)
    }
  }
  return [...rows].toSorted(([a], [b]) => a - b).map(([, row]) => row)
}

/** Errors of a table. */
type TableError = Effect.Error<ReturnType<typeof Table.grid>>

/**
 * Rows of the log at a path: a file in one of the formats of logs, or a folder with the log of one run. Fails with FileError,
 * with the errors of its format, and with NotALog on a folder of several runs and on the database of MLflow.
 */
export const read: (
  path: string,
) => Effect.Effect<
  ReadonlyArray<MetricRow>,
  DamagedLog | FileError | LogTooLarge | NoLogs | NotALog | TableError,
  FileSystem.FileSystem
> = Effect.fn("MetricRows.read")(function* (path: string) {
  const { runs } = yield* RunFiles.find(path)
  const [first, ...others] = runs
  if (first === undefined || others.length > 0) {
    const reason = `it holds ${runs.length} runs; name the file or folder of one`
    return yield* new NotALog({ path, reason })
  }
  const { format, paths } = first
  switch (format) {
    case "json":
    case "trainer-state":
      return (yield* inJson(paths[0])).filter((row) => !isEmpty(row))
    case "csv":
    case "parquet":
      return yield* inTable(paths[0])
    case "mlflow-database": {
      const reason = "it is the database of MLflow; give the folder of the run, or another log"
      return yield* new NotALog({ path, reason })
    }
    default:
      return byStep((yield* readLog(format, paths)).log.columns)
  }
})
