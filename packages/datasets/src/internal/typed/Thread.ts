/**
 * Tables that are large or read by libraries, in a thread. It is ended at a limit of time or memory, or when its reader is
 * interrupted.
 */
import { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import { Effect } from "effect"
import * as BoundedThread from "../../BoundedThread.ts"
import type { BadArchive, BadArray } from "../../ArrayError.ts"

import { UnreadableTable } from "../../TypedError.ts"
import * as Arrays from "./Arrays.ts"
import type { Columns } from "./Columns.ts"
import type { Answer, Asked } from "./worker.ts"
import type { Format } from "../Notation.ts"

const isSource = import.meta.url.endsWith(".ts")

const reading = new URL(isSource ? "./worker.ts" : "./worker.js", import.meta.url)

/** Name of each format, and the packages that read it. */
const formats = {
  parquet: { name: "Parquet", packages: "hyparquet hyparquet-compressors" },
  arrow: { name: "Arrow", packages: "apache-arrow hyparquet-compressors" },
  npy: { name: "NumPy", packages: "@nonconvex/datasets" },
  npz: { name: "NumPy", packages: "@nonconvex/datasets" },
} as const

/** Time limit in milliseconds: a base for starting the thread, and two thousand per megabyte. */
const patience = ({ byteLength }: ArrayBuffer): number => 1000 * (7 + (2 * byteLength) / 2 ** 20)

/** Memory limit of its objects in megabytes: a base, and thirty-two per megabyte. */
const memory = ({ byteLength }: ArrayBuffer): number =>
  Math.min(8192, 512 + 32 * (byteLength / 2 ** 20))

/**
 * Columns of a file, whose `buffer` is transferred. Fails with UnreadableTable, BadArchive and BadArray on broken, slow or
 * unsupported files, and with BackendUnavailable without the packages.
 */
export const read = Effect.fn("Typed.read")(function* (
  path: string,
  format: Format,
  buffer: ArrayBuffer,
): Effect.fn.Return<Columns, UnreadableTable | BackendUnavailable | BadArchive | BadArray> {
  const { name, packages } = formats[format]
  const asked: Asked = { format, path, buffer }
  const answer = yield* BoundedThread.run<Answer, Asked>(reading, {
    asked,
    moved: [buffer],
    patience: patience(buffer),
    memory: memory(buffer),
  }).pipe(
    Effect.catchTag("Lost", ({ reason }) => Effect.succeed<Answer>({ _tag: "Broken", reason })),
  )
  switch (answer._tag) {
    case "Read":
      return answer.columns
    case "Refused": {
      const { column, reason, remedy } = answer
      return yield* new UnreadableTable({
        path,
        ...(column !== undefined && { column }),
        reason,
        remedy,
      })
    }
    case "Missing":
      return yield* new BackendUnavailable({
        backend: `the reader of ${name}`,
        reason: `its packages did not load (${answer.reason})`,
        remedy: `npm install ${packages}`,
      })
    case "Broken":
      return yield* new UnreadableTable({
        path,
        reason: `it is not a complete ${name} file (${answer.reason})`,
        remedy: "write or fetch it again",
      })
    default: {
      const arrays = yield* Effect.fromResult(Arrays.arraysOf(answer))
      return yield* Effect.fromResult(Arrays.table(path, arrays))
    }
  }
})
