/** Format of a log, by its first bytes. */
import { bytesOf, type FileError } from "@nonconvex/datasets/FileError"
import { Effect, type FileSystem, Stream } from "effect"
import { isEventFile } from "./EventRecords.ts"
import { NotALog } from "./LogError.ts"
import { isMetric } from "./MlflowFiles.ts"
import type { LogFormat } from "./RunLog.ts"

/** Number of first bytes that determine a format. */
const enough = 4096

const begins = (head: Uint8Array, text: string): boolean =>
  Array.from(text, (character) => character.charCodeAt(0)).every((byte, k) => head[k] === byte)

/** Formats that are not logs, by their first bytes, with the next step. */
const others: ReadonlyArray<readonly [is: (head: Uint8Array) => boolean, reason: string]> = [
  [
    (head) => begins(head, ":W&B"),
    'it is the transaction log of Weights & Biases; export the history as JSON lines: for row in wandb.Api().run("entity/project/run").scan_history(): print(json.dumps(row))',
  ],
  [(head) => head[0] === 0x1f && head[1] === 0x8b, "it is compressed; unpack it first"],
  [
    (head) => head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5,
    "it is a pickle, which can run code when loaded; write the log as CSV: pandas.DataFrame(log).to_csv(path)",
  ],
  [
    (head) => begins(head, "PK\u0003\u0004"),
    "it is an archive, perhaps of weights; unpack it, and give the log in it",
  ],
]

const formatOf = (head: Uint8Array, name: string): LogFormat | undefined => {
  if (begins(head, "SQLite format 3\0")) return "mlflow-database"
  if (begins(head, "PAR1")) return "parquet"
  if (isEventFile(head) || name.includes("tfevents")) return "tensorboard"
  const text = new TextDecoder()
    .decode(head)
    .replace(/^\ufeff/, "")
    .trimStart()
  if (/^(\{\s*["}]|\[\s*[[{\]])/.test(text)) return "json"
  if (isMetric(text)) return "mlflow-files"
  return undefined
}

/** Format of a file; text of no other format is CSV. Fails with FileError, and with NotALog on files of another kind. */
export const recognise = Effect.fn("Recognise.recognise")(function* (
  path: string,
): Effect.fn.Return<LogFormat, FileError | NotALog, FileSystem.FileSystem> {
  const head = new Uint8Array(enough)
  let used = 0
  yield* Stream.runForEachWhile(bytesOf(path), (chunk) =>
    Effect.sync(() => {
      const part = chunk.subarray(0, enough - used)
      head.set(part, used)
      used += part.length
      return used < enough
    }),
  )
  const read = head.subarray(0, used)
  const format = formatOf(read, path.slice(path.lastIndexOf("/") + 1))
  if (format !== undefined) return format
  const other = others.find(([is]) => is(read))
  return other === undefined ? "csv" : yield* new NotALog({ path, reason: other[1] })
})
