/** A reader of somebody else's file, as tests of it call it. */
import type { Effect, FileSystem, Path } from "effect"
import { readFileSync } from "node:fs"
import type * as Changes from "./Changes.ts"

type Files = FileSystem.FileSystem | Path.Path

/** A reader, as it is called on a file, and what must hold of its answer. */
export interface Reader {
  readonly name: string
  /** Whole inputs. */
  readonly seeds: ReadonlyArray<string | Uint8Array>
  /** One of so many inputs is read, of a reader that starts a thread for each. */
  readonly every?: number
  readonly change: (stream: Changes.Stream, whole: never) => string | Uint8Array
  /** Reads the file; throws of an answer that is none. */
  readonly read: (path: string) => Effect.Effect<unknown, unknown, Files>
}

export const contentOf = (path: string): Uint8Array => readFileSync(path)

export const isWhole = (count: number): boolean => Number.isSafeInteger(count) && count > 0
