/**
 * Ledgers on disk without a lock: a spend is one rename, which only the first of several writers can make.
 *
 * A writer writes its line into a new folder, and renames the folder to the number of the entry. No file system replaces a
 * folder with contents by a rename, and no entry is ever removed. Exactly one of all writers of a number therefore succeeds,
 * however long each pauses first. A late writer finds the number taken, and reads again. The protocol uses no clock and
 * waits for no process. A late write into the file of lines writes the same bytes at the same place.
 *
 * Before a number is proposed, all lines below it are on the disk in both places; before a permit is given, its own line is. A crash at any
 * point leaves an entry that counts, or none. The next writer restores the losses of one place from the other.
 */
import { Effect, FileSystem, Layer, Path, PlatformError } from "effect"
import { randomUUID } from "node:crypto"
import { LedgerUnusable } from "../ledger/LedgerErrors.ts"
import { LedgerStorage, type StoredLedger } from "../ledger/LedgerStorage.ts"
import * as LedgerPlaces from "./LedgerPlaces.ts"

const codeOf = ({ reason }: PlatformError.PlatformError): string => {
  const { cause } = reason as { readonly cause?: { readonly code?: string } }
  return cause?.code ?? reason._tag
}

/** Errors of the file system as LedgerUnusable. */
export const usable =
  (path: string) =>
  <A, E, R>(effect: Effect.Effect<A, E | PlatformError.PlatformError, R>) =>
    Effect.mapError(effect, (error) =>
      error instanceof PlatformError.PlatformError
        ? new LedgerUnusable({ path, reason: codeOf(error) })
        : error,
    )

const textOf = (lines: ReadonlyArray<string>): Uint8Array =>
  new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""))

/** Writes bytes at the beginning of a file, and syncs it. */
const write = Effect.fnUntraced(function* (path: string, bytes: Uint8Array, flag: "wx" | "r+") {
  const fs = yield* FileSystem.FileSystem
  const file = yield* fs.open(path, { flag })
  yield* file.writeAll(bytes)
  yield* file.sync
}, Effect.scoped)

/** Recognises the error of a system that cannot sync a folder; errors of a failing disk are not among them. */
const isUnsyncable = (error: PlatformError.PlatformError): boolean =>
  ["EINVAL", "EISDIR", "EPERM", "EACCES", "EBADF", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(
    codeOf(error),
  )

/** Syncs a folder, which puts a new name in it on disk, where the system supports that. */
const syncFolder = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  yield* Effect.scoped(Effect.flatMap(fs.open(folder, { flag: "r" }), ({ sync }) => sync)).pipe(
    Effect.catchIf(isUnsyncable, () => Effect.void),
  )
})

/** Makes a line the entry of its number; false if the number is taken, or if another writer removed the proposal. */
const commit = Effect.fnUntraced(function* (path: string, number: number, line: string) {
  const fs = yield* FileSystem.FileSystem
  const entries = LedgerPlaces.entriesOf(path)
  const token = randomUUID()
  const [proposal, entry] = [`${entries}/${number}.${token}`, `${entries}/${number}`]
  const discard = Effect.ignore(fs.remove(proposal, { recursive: true, force: true }))
  const proposing = Effect.gen(function* () {
    yield* fs.makeDirectory(proposal)
    yield* write(`${proposal}/${token}`, textOf([line]), "wx")
    yield* syncFolder(proposal)
    yield* fs.rename(proposal, entry)
    return true
  })
  const isTaken = fs.readDirectory(entry).pipe(
    // the answer of a file system over a network may be lost, and the rename have been made
    Effect.map((files) => ({ isOurs: files.includes(token) })),
    Effect.catchReason("PlatformError", "NotFound", () => Effect.undefined),
  )
  const isCommitted = yield* proposing.pipe(
    Effect.catchTag("PlatformError", (error) =>
      Effect.flatMap(isTaken, (taken) =>
        taken === undefined ? Effect.fail(error) : Effect.succeed(taken.isOurs),
      ),
    ),
    Effect.onError(() => discard),
  )
  if (isCommitted) yield* syncFolder(entries)
  else yield* discard
  return isCommitted
})

/** Writes the file of lines in place, or a new file if it is longer than its lines because another program wrote to it. */
const writeText = Effect.fnUntraced(function* (
  { bytes, path }: LedgerPlaces.Text,
  lines: ReadonlyArray<string>,
) {
  const fs = yield* FileSystem.FileSystem
  const whole = textOf(lines)
  if (bytes === undefined) {
    return yield* write(path, whole, "wx").pipe(
      Effect.catchReason("PlatformError", "AlreadyExists", () => write(path, whole, "r+")),
    )
  }
  if (bytes.length <= whole.length) return yield* write(path, whole, "r+")
  const proposal = `${LedgerPlaces.entriesOf(path)}/${lines.length - 1}.${randomUUID()}`
  yield* write(proposal, whole, "wx")
  // where it was swept away, someone else has written the file since
  yield* fs
    .rename(proposal, path)
    .pipe(Effect.catchReason("PlatformError", "NotFound", () => Effect.void))
})

/**
 * Creates the folder of entries, but no parent folder; it is on disk before the file of lines, which would otherwise seem
 * damaged.
 */
const makeEntries = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const { dirname } = yield* Path.Path
  yield* fs
    .makeDirectory(LedgerPlaces.entriesOf(path))
    .pipe(Effect.catchReason("PlatformError", "AlreadyExists", () => Effect.void))
  yield* syncFolder(dirname(path))
})

/** Makes sure that the lines are on the disk in both places. */
export const settle = Effect.fnUntraced(function* (
  [text, entries]: readonly [LedgerPlaces.Text, LedgerPlaces.Place],
  lines: ReadonlyArray<string>,
) {
  const { dirname } = yield* Path.Path
  const folder = LedgerPlaces.entriesOf(text.path)
  yield* makeEntries(text.path)
  for (const [number, line] of lines.entries()) {
    if (entries.lines.has(number)) continue
    if (entries.broken.has(number)) {
      // beside what is broken: a number that was free for a moment could be taken by someone who slept
      yield* write(`${folder}/${number}/${randomUUID()}`, textOf([line]), "wx")
      yield* syncFolder(`${folder}/${number}`)
    } else yield* commit(text.path, number, line)
  }
  yield* syncFolder(folder)
  yield* writeText(text, lines)
  yield* syncFolder(dirname(text.path))
})

/** Removes proposals for taken numbers, which can no longer succeed. */
const sweep = Effect.fnUntraced(
  function* (path: string, count: number) {
    const fs = yield* FileSystem.FileSystem
    const entries = LedgerPlaces.entriesOf(path)
    for (const name of yield* fs.readDirectory(entries)) {
      const proposed = /^(\d+)\./.exec(name)
      if (proposed === null || Number(proposed[1]) >= count) continue
      yield* fs.remove(`${entries}/${name}`, { recursive: true, force: true })
    }
  },
  (effect) => Effect.ignore(effect),
)

const lines = Effect.fnUntraced(function* (path: string) {
  const places = yield* LedgerPlaces.both(path)
  return yield* LedgerPlaces.ordered(path, LedgerPlaces.union(places))
})

const append = Effect.fnUntraced(function* (path: string, count: number, line: string) {
  const places = yield* LedgerPlaces.both(path)
  const before = yield* LedgerPlaces.ordered(path, LedgerPlaces.union(places)).pipe(
    Effect.catchTag("LedgerMissing", () => Effect.succeed<ReadonlyArray<string>>([])),
  )
  if (before.length !== count) return false
  if (count > 0) yield* settle(places, before)
  else yield* makeEntries(path)
  if (!(yield* commit(path, count, line))) return false
  const after = yield* LedgerPlaces.both(path)
  yield* settle(after, yield* LedgerPlaces.ordered(path, LedgerPlaces.union(after)))
  yield* sweep(path, count + 1)
  return true
})

/** Canonical name of a file, so that two paths to it share one folder of entries. */
export const canonical = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const { basename, dirname, join, resolve } = yield* Path.Path
  const full = resolve(path)
  const folder = yield* fs.realPath(dirname(full)).pipe(Effect.orElseSucceed(() => dirname(full)))
  const beside = join(folder, basename(full))
  return yield* fs.realPath(beside).pipe(Effect.orElseSucceed(() => beside))
})

/** Ledgers as files, at the paths by which they are opened. */
export const layer: Layer.Layer<LedgerStorage, never, FileSystem.FileSystem | Path.Path> =
  Layer.effect(
    LedgerStorage,
    Effect.map(Effect.context<FileSystem.FileSystem | Path.Path>(), (context) => ({
      open: (given) =>
        Effect.map(Effect.provideContext(canonical(given), context), (path): StoredLedger => ({
          name: path,
          lines: lines(path).pipe(usable(path), Effect.provideContext(context)),
          append: (count, line) =>
            append(path, count, line).pipe(
              Effect.uninterruptible,
              usable(path),
              Effect.provideContext(context),
            ),
        })),
    })),
  )
