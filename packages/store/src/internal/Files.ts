/** Facts about a file before SQLite opens it. */
import { StoreFailed } from "@nonconvex/runner/RunStore"
import { Effect, Predicate } from "effect"
import { constants, statSync } from "node:fs"
import { access, mkdir, stat } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { FileSystemType } from "./Environment.ts"

/** Network file systems, which other machines may share, by their statfs number. */
const networks: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xfe534d42, "SMB"],
  [0xff534d42, "SMB"],
  [0x65735546, "FUSE"],
  [0x01021997, "9p"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
  [0x786f4256, "a shared folder"],
])

/** Name of a network file system, which machines may share, by its number; undefined for a local one. */
export const networkOf = (type: number): string | undefined => networks.get(type >>> 0)

export interface Found {
  /** Location that SQLite opens. */
  readonly location: string | URL
  readonly isReadOnly: boolean
  /** File system, if other machines may share it. */
  readonly network: string | undefined
}

const can = (path: string, mode: number) =>
  access(path, mode).then(
    () => true,
    () => false,
  )

const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  )

const why = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown))

/** Codes of errors for a missing file. */
const absent: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR"])

const codeOf = (thrown: unknown): unknown =>
  Predicate.hasProperty(thrown, "code") ? thrown.code : undefined

/** Inspects a file of runs, and creates missing folders. */
export const look = Effect.fnUntraced(function* (
  file: string,
  readOnly: boolean,
): Effect.fn.Return<Found, StoreFailed> {
  const failed = (reason: string) =>
    new StoreFailed({ place: file, reason: `${reason}; give another file with --store FILE` })
  const path = resolve(file)
  const folder = dirname(path)
  const found = yield* Effect.tryPromise({
    try: () =>
      stat(path).catch((thrown: unknown) => {
        if (absent.has(codeOf(thrown))) return undefined
        throw thrown
      }),
    catch: (thrown) =>
      codeOf(thrown) === "EACCES"
        ? failed("this user may not read its folder")
        : failed(`cannot be read (${why(thrown)})`),
  })
  if (found?.isDirectory() === true) {
    return yield* failed("is a folder, but runs are saved in a file")
  }
  if (found?.isFile() === false) {
    return yield* failed("is a device or a pipe, but runs are saved in a file")
  }
  if (found === undefined) {
    if (readOnly) return yield* failed("does not exist")
    yield* Effect.tryPromise({
      try: () => mkdir(folder, { recursive: true }),
      catch: (thrown) => failed(`its folder cannot be created (${why(thrown)})`),
    })
  }
  const [canWrite, canWriteFolder] = yield* Effect.promise(() =>
    Promise.all([
      can(found === undefined ? folder : path, constants.W_OK),
      can(folder, constants.W_OK),
    ]),
  )
  if (found === undefined && !canWriteFolder) return yield* failed("its folder is not writable")
  const isReadOnly = !canWrite || !canWriteFolder
  const waiting = yield* Effect.promise(() => sizeOf(`${path}-wal`))
  const type = yield* (yield* FileSystemType)(folder)
  // where no file can be made beside it, SQLite reads it only if told that no one writes it; one that is made by someone else locks its owner out
  const nobodyWrites = canWriteFolder ? !canWrite && waiting === undefined : (waiting ?? 0) === 0
  return {
    location:
      isReadOnly && nobodyWrites ? new URL(`${pathToFileURL(path).href}?immutable=1`) : path,
    isReadOnly,
    network: networkOf(type),
  }
})

/** Identity of a file in the system, whatever its name; undefined where no file has this name. */
const identity = (path: string): string | undefined => {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? undefined : `${found.dev} ${found.ino}`
}

/** Fails once the file was replaced or removed: writes to the open one would be lost. */
export const staying = (file: string): Effect.Effect<Effect.Effect<void, StoreFailed>> =>
  Effect.sync(() => {
    const path = resolve(file)
    const first = identity(path)
    return Effect.suspend(() =>
      identity(path) === first
        ? Effect.void
        : Effect.fail(
            new StoreFailed({
              place: file,
              reason:
                "was removed or replaced while it was open, so its new results are lost; run the command again",
            }),
          ),
    )
  })
