/**
 * A run in an MLflow folder. Below `metrics` there is a file for each number, with lines of time, value and step. Below `params`
 * there is one for each parameter.
 */
import {
  bytesOf,
  type FileError,
  fromPlatformError,
  readBytes,
} from "@nonconvex/datasets/FileError"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect, FileSystem, Stream } from "effect"
import { DamagedLog, LogTooLarge } from "./LogError.ts"
import type { RunLog } from "./RunLog.ts"
import { Collector, most } from "./Series.ts"
import * as Settings from "./Settings.ts"

/** Deepest nesting of folders in the name of a number. */
const deepest = 8
/** Maximum number of characters in a line of three numbers. */
const longestLine = 1024

/** Files below a folder, named by their paths; links are not followed. */
const filesBelow = Effect.fnUntraced(function* (
  folder: string,
): Effect.fn.Return<ReadonlyArray<string>, never, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const found: Array<string> = []
  const open = [{ at: "", depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { at, depth } = next
    const entries = yield* fs
      .readDirectoryEntries(`${folder}/${at}`)
      .pipe(Effect.orElseSucceed(() => []))
    for (const { name, type } of entries) {
      if (type === "File" && found.length < most.names) found.push(at + name)
      if (type === "Directory" && depth < deepest)
        open.push({ at: `${at}${name}/`, depth: depth + 1 })
    }
  }
  return found.toSorted()
})

/** A number as Python writes it; undefined for other text. */
const numberOf = (text: string): number | undefined => {
  const word = text.toLowerCase()
  if (word === "nan") return Number.NaN
  if (/^[-+]?inf(inity)?$/.test(word)) return word.startsWith("-") ? -Infinity : Infinity
  return text === "" || Number.isNaN(Number(text)) ? undefined : Number(text)
}

/** Tests whether text is a metric file: lines of time, value and step. */
export const isMetric = (text: string): boolean =>
  /^\d{12,14} \S+ -?\d+\r?(\n|$)/.test(text.slice(0, longestLine)) &&
  numberOf(text.split(/\s/, 2)[1]!) !== undefined

/** Reads the file of one number. Fails with FileError, DamagedLog and LogTooLarge. */
const readMetric = Effect.fnUntraced(function* (
  path: string,
  name: string,
  collector: Collector,
): Effect.fn.Return<void, FileError | DamagedLog | LogTooLarge, FileSystem.FileSystem> {
  let [rest, line] = ["", 0]
  const take = (text: string, isLast: boolean): void => {
    line++
    if (text.trim() === "") return
    const [, value = "", step = "0"] = text.trim().split(" ")
    const [number, at] = [numberOf(value), Number(step)]
    if (number !== undefined && Number.isFinite(at)) collector.add(name, at, number)
    else if (!isLast) {
      const reason = "is not a line of time, value and step, as MLflow writes"
      throw new DamagedLog({ path, place: `line ${line}`, reason })
    }
  }
  const decoder = new TextDecoder()
  yield* Stream.runForEach(bytesOf(path), (chunk) =>
    Seam.attempt([DamagedLog, LogTooLarge], () => {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n")
      rest = lines.pop()!
      for (const each of lines) take(each, false)
      if (rest.length > longestLine) {
        throw new LogTooLarge({ path, what: `characters in line ${line + 1}`, most: longestLine })
      }
    }),
  )
  yield* Seam.attempt([DamagedLog, LogTooLarge], () => take(rest, true))
})

/**
 * All numbers of a run, by the path of its folder, or a single one by the path of its file. Fails with FileError, DamagedLog and
 * LogTooLarge.
 */
export const read = Effect.fn("MlflowFiles.read")(function* (
  path: string,
): Effect.fn.Return<RunLog, FileError | DamagedLog | LogTooLarge, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const collector = new Collector(path)
  const settings = new Map<string, string>()
  const { type } = yield* fs.stat(path).pipe(Effect.mapError(fromPlatformError(path)))
  if (type !== "Directory") {
    yield* readMetric(path, path.slice(path.lastIndexOf("/") + 1), collector)
  }
  for (const name of yield* filesBelow(`${path}/metrics`)) {
    yield* readMetric(`${path}/metrics/${name}`, name, collector)
  }
  for (const name of yield* filesBelow(`${path}/params`)) {
    const bytes = yield* readBytes(`${path}/params/${name}`, most.text).pipe(
      Effect.orElseSucceed(() => new Uint8Array()),
    )
    Settings.add(settings, name, new TextDecoder().decode(bytes))
  }
  return { columns: collector.columns(), isByRow: false, settings, notes: [] }
})
