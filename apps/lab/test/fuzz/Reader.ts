/** A reader of somebody else's file, as tests of it call it. */
import { NodeServices } from "@effect/platform-node"
import { ByteSize, Effect, FileSystem, Layer, Option, type Path, Stream } from "effect"
import type * as Changes from "./Changes.ts"

type Files = FileSystem.FileSystem | Path.Path

/** A reader, as it is called on a file, and what must hold of its answer. */
export interface Reader {
  readonly name: string
  /** Whole inputs. */
  readonly seeds: ReadonlyArray<string | Uint8Array>
  /** Whether it needs a file on a disk: it asks for more than bytes. */
  readonly isOnDisk?: boolean
  /** What its thread does: it is asked that of every input, in a thread that lasts, and the whole reader of one in a hundred. */
  readonly inThread?: "parquet" | "arrow" | "hdf5" | "keras"
  readonly change: (stream: Changes.Stream, whole: never) => string | Uint8Array
  /** Reads the file; throws of an answer that is none. */
  readonly read: (path: string) => Effect.Effect<unknown, unknown, Files>
}

/** Files that no disk has: they cost nothing. */
const held = new Map<string, Uint8Array>()

export const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === "string" ? new TextEncoder().encode(content) : content

/** Puts a file there, or in the place of another. */
export const hold = (path: string, content: string | Uint8Array): string => {
  held.set(path, bytesOf(content))
  return path
}

export const contentOf = (path: string): Uint8Array => held.get(path)!

export const isWhole = (count: number): boolean => Number.isSafeInteger(count) && count > 0

const informationOf = (content: Uint8Array): FileSystem.File.Info => ({
  type: "File",
  size: ByteSize.bytes(content.length),
  dev: 0n,
  mode: 0o644,
  mtime: Option.none(),
  atime: Option.none(),
  birthtime: Option.none(),
  ino: Option.none(),
  nlink: Option.none(),
  uid: Option.none(),
  gid: Option.none(),
  rdev: Option.none(),
  blksize: Option.none(),
  blocks: Option.none(),
})

/** The files of the disk, and in their place those that are held. */
const withHeld = (disk: FileSystem.FileSystem): FileSystem.FileSystem => ({
  ...disk,
  exists: (path) => (held.has(path) ? Effect.succeed(true) : disk.exists(path)),
  realPath: (path) => (held.has(path) ? Effect.succeed(path) : disk.realPath(path)),
  stat: (path) =>
    Effect.suspend(() => {
      const content = held.get(path)
      return content === undefined ? disk.stat(path) : Effect.succeed(informationOf(content))
    }),
  stream: (path, options) =>
    Stream.suspend(() => {
      const content = held.get(path)
      if (content === undefined) return disk.stream(path, options)
      const asked = options?.bytesToRead
      if (asked === undefined) return Stream.succeed(content)
      return Stream.succeed(
        content.subarray(0, ByteSize.toNumberUnsafe(ByteSize.fromInputUnsafe(asked))),
      )
    }),
})

/** What readers need. */
export const layer: Layer.Layer<Files> = Layer.provideMerge(
  Layer.effect(FileSystem.FileSystem, Effect.map(FileSystem.FileSystem, withHeld)),
  NodeServices.layer,
)
