/** Logs as JSON: lines (Weights & Biases, many others), lists, columns in an object (Keras), and Hugging Face's `trainer_state.json`. */
import { bytesOf, type FileError } from "@nonconvex/datasets/FileError"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect, type FileSystem, Stream } from "effect"
import { type Fields, JsonRecords } from "./JsonRecords.ts"
import { DamagedLog, LogTooLarge } from "./LogError.ts"
import type { LogFormat, RunLog } from "./RunLog.ts"
import { Collector } from "./Series.ts"
import * as Settings from "./Settings.ts"

/** Deepest nesting of objects whose fields are numbers of the log, with names joined by slashes. */
const deepest = 4

const words: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  "+inf": Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
}

/** A value as a number, also if it is text; undefined for others. */
export const numberOf = (value: unknown): number | undefined => {
  if (typeof value === "number") return value
  if (typeof value !== "string" || value.length > 40 || value.trim() === "") return undefined
  const word = value.trim().toLowerCase()
  if (Object.hasOwn(words, word)) return words[word]
  const number = Number(word)
  return Number.isFinite(number) && /^[-+.\de]+$/.test(word) ? number : undefined
}

/** Passes on each number of an object, named by its path. */
const walk = (
  fields: Fields,
  add: (name: string, value: number) => void,
  before = "",
  depth = 1,
): void => {
  for (const [key, value] of Object.entries(fields)) {
    const name = before + key
    const number = numberOf(value)
    if (number !== undefined) add(name, number)
    else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      if (depth < deepest) walk(value as Fields, add, `${name}/`, depth + 1)
    }
  }
}

/** Columns of an object whose fields are lists; empty if it has none. */
const listsOf = (fields: Fields): ReadonlyArray<readonly [string, ReadonlyArray<unknown>]> =>
  Object.entries(fields).filter((field): field is [string, ReadonlyArray<unknown>] =>
    Array.isArray(field[1]),
  )

/** The records of a file. Fails with FileError, DamagedLog and LogTooLarge. */
export const read = Effect.fn("JsonLog.read")(function* (
  path: string,
): Effect.fn.Return<
  RunLog & { readonly format: LogFormat },
  FileError | DamagedLog | LogTooLarge,
  FileSystem.FileSystem
> {
  const collector = new Collector(path)
  const settings = new Map<string, string>()
  let [row, isTrainer] = [0, false]
  let only: Fields | undefined
  const records = new JsonRecords(path, {
    record: (fields) => {
      only = row === 0 ? fields : undefined
      walk(fields, (name, value) => collector.add(name, row, value))
      row++
    },
    head: (fields) => {
      isTrainer = true
      for (const [name, value] of Object.entries(fields)) Settings.add(settings, name, value)
    },
  })
  const decoder = new TextDecoder()
  yield* Stream.runForEach(bytesOf(path, true), (chunk) =>
    Seam.attempt([DamagedLog, LogTooLarge], () =>
      records.push(decoder.decode(chunk, { stream: true })),
    ),
  )
  const notes = yield* Seam.attempt([DamagedLog], () => records.finish())
  if (only !== undefined) {
    for (const [name, values] of listsOf(only)) {
      yield* Seam.attempt([LogTooLarge], () =>
        values.forEach((value, k) => {
          const number = numberOf(value)
          if (number !== undefined) collector.add(name, k, number)
        }),
      )
    }
  }
  const columns = collector.columns()
  const format = isTrainer ? "trainer-state" : "json"
  return { format, columns, isByRow: true, settings, notes }
})
