/** A thread of its own for the libraries that read tables: a file that is not what it should be can keep them busy for ever. */
import { parentPort, workerData } from "node:worker_threads"
import { type Columns, Refused } from "./Columns.ts"

/** What the thread is asked. */
export interface Asked {
  readonly format: "parquet" | "arrow"
  readonly buffer: ArrayBuffer
}

/** What it answers. */
export type Answer =
  | { readonly _tag: "Read"; readonly columns: Columns }
  | {
      readonly _tag: "Refused"
      readonly reason: string
      readonly remedy: string
      readonly column: string | undefined
    }
  | { readonly _tag: "Missing"; readonly reason: string }
  | { readonly _tag: "Broken"; readonly reason: string }

const isMissing = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND"

const read = ({ buffer, format }: Asked): Promise<Columns> =>
  format === "parquet"
    ? import("./Parquet.ts").then((module) => module.read(buffer))
    : import("./Arrow.ts").then((module) => module.read(new Uint8Array(buffer)))

const answer = async (asked: Asked): Promise<Answer> => {
  try {
    return { _tag: "Read", columns: await read(asked) }
  } catch (error) {
    if (error instanceof Refused) {
      const { column, reason, remedy } = error
      return { _tag: "Refused", reason, remedy, column }
    }
    return { _tag: isMissing(error) ? "Missing" : "Broken", reason: String(error) }
  }
}

const found = await answer(workerData as Asked)
const columns = found._tag === "Read" ? found.columns.columns : []
parentPort!.postMessage(
  found,
  columns.flatMap(({ cells }) =>
    "numbers" in cells
      ? [cells.numbers.buffer, ...(cells.isNull === undefined ? [] : [cells.isNull.buffer])]
      : [],
  ) as Array<ArrayBuffer>,
)
