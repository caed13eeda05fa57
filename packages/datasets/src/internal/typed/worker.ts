/** Separate thread for readers of tables: a malformed or large file may keep a library busy. */
import { parentPort, workerData } from "node:worker_threads"

import type * as Arrays from "./Arrays.ts"
import { type Columns, Refused } from "./Columns.ts"
import { messageOf } from "../../LibraryMessage.ts"
import type { Format } from "../Notation.ts"

/** Request to the thread. */
export interface Asked {
  readonly format: Format
  /** File name in messages. */
  readonly path: string
  readonly buffer: ArrayBuffer
}

/** Answer of the thread: arrays of NumPy as they are, the rest as columns. */
export type Answer =
  | Arrays.Answer
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

const read = async ({ buffer, format, path }: Asked): Promise<Answer> => {
  switch (format) {
    case "npy":
    case "npz":
      return (await import("./Arrays.ts")).answer(new Uint8Array(buffer), path)
    case "parquet":
      return { _tag: "Read", columns: await (await import("./Parquet.ts")).read(buffer) }
    case "arrow": {
      const { read: columnsIn } = await import("./Arrow.ts")
      return { _tag: "Read", columns: await columnsIn(new Uint8Array(buffer)) }
    }
  }
}

const answer = async (asked: Asked): Promise<Answer> => {
  try {
    return await read(asked)
  } catch (error) {
    if (error instanceof Refused) {
      const { column, reason, remedy } = error
      return { _tag: "Refused", reason, remedy, column }
    }
    return { _tag: isMissing(error) ? "Missing" : "Broken", reason: messageOf(error) }
  }
}

/** The numbers of an answer, which are not copied. */
const buffersOf = (found: Answer): ReadonlyArray<ArrayBufferLike> => {
  switch (found._tag) {
    case "Arrays":
      return found.arrays.flatMap(([, { data }]) =>
        data._tag === "Numbers" ? [data.values.buffer] : [],
      )
    case "Read":
      return found.columns.columns.flatMap(({ cells }) => {
        if ("texts" in cells) return []
        const { isNull, numbers } = cells
        return isNull === undefined ? [numbers.buffer] : [numbers.buffer, isNull.buffer]
      })
    default:
      return []
  }
}

const found = await answer(workerData as Asked)
parentPort!.postMessage(found, [...new Set(buffersOf(found))] as Array<ArrayBuffer>)
