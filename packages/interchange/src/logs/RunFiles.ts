/**
 * Logs below a path, by run. Folders are searched without following symbolic links, so that nothing outside is read and the
 * search ends.
 */
import { type FileError, fromPlatformError } from "@nonconvex/datasets/FileError"
import { Effect, FileSystem } from "effect"
import { LogTooLarge, NoLogs, type NotALog } from "./LogError.ts"
import { recognise } from "./Recognise.ts"
import type { LogFormat } from "./RunLog.ts"

/** Files of one run; for a database, of all its runs. */
export interface RunFiles {
  /** Name relative to the searched folder. */
  readonly name: string
  readonly format: LogFormat
  /** Paths: several for event files and parts of a history; the folder of the run for MLflow. */
  readonly paths: readonly [string, ...Array<string>]
  /** True if a log was only searched for here, because a table may hold anything else. */
  readonly isGuess: boolean
  readonly notes: ReadonlyArray<string>
}

/** Files found, and files skipped. */
export interface Found {
  readonly runs: ReadonlyArray<RunFiles>
  readonly notes: ReadonlyArray<string>
}

/** Maximum number of folder entries to search, and deepest nesting. */
export const bounds = { entries: 2 ** 18, depth: 16 }

/** Folders of programs, which are skipped. */
const passedOver: ReadonlySet<string> = new Set(["node_modules", "__pycache__", "site-packages"])

type Path = RunFiles["paths"][number]

const join = (folder: Path, name: string): Path => `${folder.replace(/\/$/, "")}/${name}`

const lastPart = (path: Path): string => path.replace(/\/+$/, "").replace(/^.*\//, "")

/** Ending of a history part from the Weights & Biases client, after entity, project and run. */
const history = /_\d+\.runhistory\.parquet$/

/** Formats of files with the usual names of logs; the content decides when they are read. */
const named: ReadonlyArray<readonly [LogFormat, RegExp]> = [
  ["csv", /\.(csv|tsv)$/i],
  ["json", /\.(jsonl|ndjson)$|(history|log|metric|loss|scalar)\w*\.json$/i],
  ["parquet", /\.parquet$/i],
  ["mlflow-database", /\.(db|sqlite3?)$/i],
]

/** The latest saved trainer state: that of the run itself, or of its latest checkpoint. */
const lastStates = (states: ReadonlyArray<string>): ReadonlyArray<readonly [Path, number]> => {
  const groups = new Map<string, Array<readonly [at: number, path: Path]>>()
  for (const path of states) {
    const folder = path.slice(0, path.lastIndexOf("/"))
    const checkpoint = /^(.*)\/checkpoint-(\d+)$/.exec(folder)
    const [key, at] =
      checkpoint === null ? [folder, Infinity] : [checkpoint[1]!, Number(checkpoint[2])]
    groups.set(key, [...(groups.get(key) ?? []), [at, path]])
  }
  return Array.from(groups.values(), (group) => {
    const last = group.reduce((best, each) => (each[0] > best[0] ? each : best))
    return [last[1], group.length] as const
  })
}

/** Content of one folder. */
class Search {
  readonly events = new Map<Path, Array<Path>>()
  readonly states: Array<Path> = []
  readonly parts = new Map<Path, Array<Path>>()
  readonly mlflow: Array<Path> = []
  readonly others: Array<readonly [LogFormat, Path]> = []
  links = 0
  transactions = 0

  add(folder: Path, name: string): void {
    const path = join(folder, name)
    const into = (groups: Map<Path, Array<Path>>, key: Path = folder) =>
      groups.set(key, [...(groups.get(key) ?? []), path])
    if (name.includes("tfevents")) into(this.events)
    else if (name === "trainer_state.json") this.states.push(path)
    else if (/^\d{4}\.parquet$/.test(name)) into(this.parts)
    else if (history.test(name)) into(this.parts, join(folder, name.replace(history, "")))
    else if (name.endsWith(".wandb")) this.transactions++
    else {
      const format = named.find(([, pattern]) => pattern.test(name))?.[0]
      if (format !== undefined) this.others.push([format, path])
    }
  }

  /** The runs, named relative to `root`. */
  runs(root: Path): ReadonlyArray<RunFiles> {
    const nameOf = (path: Path) => path.slice(root.replace(/\/$/, "").length + 1) || lastPart(root)
    const made = (
      format: LogFormat,
      [first, ...rest]: ReadonlyArray<Path>,
      name: string,
      more: { readonly isGuess?: boolean; readonly notes?: ReadonlyArray<string> } = {},
    ): RunFiles => ({
      name,
      format,
      paths: [first!, ...rest],
      isGuess: more.isGuess ?? false,
      notes: more.notes ?? [],
    })
    return [
      ...Array.from(this.events, ([folder, paths]) =>
        made("tensorboard", paths.toSorted(), nameOf(folder)),
      ),
      ...Array.from(this.parts, ([folder, paths]) =>
        made("parquet", paths.toSorted(), nameOf(folder), {
          isGuess: true,
          notes: paths.length === 1 ? [] : [`${paths.length} files are read as one table`],
        }),
      ),
      ...lastStates(this.states).map(([path, count]) =>
        made("trainer-state", [path], nameOf(path), {
          notes:
            count === 1 ? [] : [`this run has ${count} saved states, of which the last is read`],
        }),
      ),
      ...this.mlflow.map((folder) => made("mlflow-files", [folder], nameOf(folder))),
      ...this.others.map(([format, path]) => made(format, [path], nameOf(path), { isGuess: true })),
    ].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  }
}

const search = Effect.fnUntraced(function* (
  root: Path,
): Effect.fn.Return<Found, FileError | LogTooLarge | NoLogs, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const found = new Search()
  const open: Array<{ readonly folder: Path; readonly depth: number }> = [
    { folder: root, depth: 0 },
  ]
  let [seen, closed, deeper] = [0, 0, 0]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { depth, folder } = next
    const entries = yield* fs.readDirectoryEntries(folder).pipe(
      Effect.mapError(fromPlatformError(folder)),
      Effect.catch((error) => {
        if (depth === 0) return Effect.fail(error)
        closed++
        return Effect.succeed([])
      }),
    )
    seen += entries.length
    if (seen > bounds.entries) {
      return yield* new LogTooLarge({ path: root, what: "files and folders", most: bounds.entries })
    }
    const has = (name: string, type: string) =>
      entries.some((entry) => entry.name === name && entry.type === type)
    if (has("meta.yaml", "File") && has("metrics", "Directory")) {
      found.mlflow.push(folder)
      continue
    }
    for (const { name, type } of entries) {
      if (type === "SymbolicLink") found.links++
      else if (type === "File") found.add(folder, name)
      else if (type === "Directory" && !name.startsWith(".") && !passedOver.has(name)) {
        if (depth < bounds.depth) open.push({ folder: join(folder, name), depth: depth + 1 })
        else deeper++
      }
    }
  }
  const count = (n: number, one: string, several: string) => (n === 1 ? one : `${n} ${several}`)
  const notes = [
    ...(found.links === 0
      ? []
      : [`${count(found.links, "1 symbolic link was", "symbolic links were")} not followed`]),
    ...(closed === 0 ? [] : [`${count(closed, "1 folder", "folders")} could not be read`]),
    ...(deeper === 0
      ? []
      : [`${count(deeper, "1 folder", "folders")} more than ${bounds.depth} levels deep skipped`]),
    ...(found.transactions === 0
      ? []
      : [
          `${count(found.transactions, "1 file", "files")} .wandb not read: export the history as CSV, JSON lines or Parquet`,
        ]),
  ]
  const runs = found.runs(root)
  return runs.length === 0 ? yield* new NoLogs({ path: root, notes }) : { runs, notes }
})

/**
 * Logs below a path: a file, recognised by its content, or those of a folder. Fails with FileError, with NotALog on a file of
 * another kind, with NoLogs on a folder without logs, and with LogTooLarge on too many entries.
 */
export const find = Effect.fn("RunFiles.find")(function* (
  path: string,
): Effect.fn.Return<Found, FileError | LogTooLarge | NoLogs | NotALog, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const { type } = yield* fs.stat(path).pipe(Effect.mapError(fromPlatformError(path)))
  if (type === "Directory") return yield* search(path)
  // a pipe is read once, as the table that it is
  const format = type === "FIFO" ? "csv" : yield* recognise(path)
  const run: RunFiles = { name: lastPart(path), format, paths: [path], isGuess: false, notes: [] }
  return { runs: [run], notes: [] }
})
