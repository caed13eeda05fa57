/**
 * Ledgers on the disk: a file of lines, and beside it a head that holds the last line.
 *
 * A line is committed when its head takes the place of the old one; after that it is written into the file, at the place where it belongs.
 * A crash at any point leaves either the state before, or a head with one line more than the file: what was about to be spent counts as
 * spent, and the next writer puts the line where it belongs. A file that is shorter than its head by more than that was cut by something
 * else. The hashes in the lines find accidents, not a forger, who could compute them.
 *
 * Writers take turns by a lock, a folder beside the file, in which the holder keeps the head that it is going to commit: the commit is a
 * rename out of this folder. Who finds the lock too old empties the folder, and with it takes away what could be committed. So a writer
 * that stood still for however long cannot commit once it lost its lock; what it has committed before stays, and whatever else it does
 * late writes the same bytes to the same place.
 */
import { Clock, Effect, FileSystem, Layer, Option, Path, PlatformError, Schema } from "effect"
import { randomUUID } from "node:crypto"
import { rmdir } from "node:fs/promises"
import {
  LedgerDamaged,
  LedgerLocked,
  LedgerMissing,
  LedgerUnusable,
} from "../ledger/LedgerErrors.ts"
import { LedgerStorage, type StoredLedger } from "../ledger/LedgerStorage.ts"

const Head = Schema.Struct({ entries: Schema.Int, line: Schema.String })
type Head = typeof Head.Type
const decodeHead = Schema.decodeUnknownOption(Schema.fromJsonString(Head))

/** Milliseconds after which a lock was left by a crash, or by a process that stands still. */
const lease = 10_000

const headOf = (path: string): string => `${path}.head`
const lockOf = (path: string): string => `${path}.lock`
/** Line 0 of a ledger that is about to be begun, beside the head that is about to be committed. */
const firstOf = (token: string): string => `${token}.first`

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** Errors of the file system as LedgerUnusable. */
const usable =
  (path: string, reason?: string) =>
  <A, E, R>(effect: Effect.Effect<A, E | PlatformError.PlatformError, R>) =>
    Effect.mapError(effect, (error) =>
      error instanceof PlatformError.PlatformError
        ? new LedgerUnusable({ path, reason: reason ?? error.reason._tag })
        : error,
    )

/** Writes text at the place, and syncs it. */
const write = Effect.fnUntraced(function* (
  path: string,
  text: string,
  { flag, place = 0 }: { readonly flag: "wx" | "r+"; readonly place?: number },
) {
  const fs = yield* FileSystem.FileSystem
  const file = yield* fs.open(path, { flag })
  yield* file.seek(BigInt(place), "start")
  yield* file.writeAll(encode(text))
  yield* file.sync
}, Effect.scoped)

/** A new name in a folder is on the disk when the folder is synced, where the system can do that. */
const syncFolder = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const { dirname } = yield* Path.Path
  yield* Effect.scoped(
    Effect.flatMap(fs.open(dirname(path), { flag: "r" }), (folder) => folder.sync),
  ).pipe(Effect.ignore)
})

/** The bytes of a file; undefined where there is none. */
const content = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs
    .readFile(path)
    .pipe(Effect.catchReason("PlatformError", "NotFound", () => Effect.undefined))
})

interface Found {
  readonly lines: ReadonlyArray<string>
  /** Where the last line has to be written, which is committed and not in the file; undefined where it is. */
  readonly missingAt: number | undefined
  /** Where the next line begins. */
  readonly end: number
}

/** What a head and a file say together, or what is wrong with them. */
const interpret = ({ entries, line }: Head, bytes: Uint8Array): Found | string => {
  const end = bytes.lastIndexOf(0x0a) + 1
  const lines = decode(bytes.subarray(0, end)).split("\n").slice(0, -1)
  if (lines.length === entries) {
    const next = end + encode(line).length + 1
    // a crash came between the head and the end of the line
    if (bytes.length <= next) return { lines: [...lines, line], missingAt: end, end: next }
  } else if (lines.length !== entries + 1) {
    return `the ledger has ${lines.length} lines, and its head counts ${entries + 1}`
  } else if (end === bytes.length && lines.at(-1) === line) {
    return { lines, missingAt: undefined, end }
  }
  return "the ledger ends otherwise than its head says"
}

/** Reads the head and then the file; without the lock, a writer may come between the two. */
const load = Effect.fnUntraced(function* (path: string) {
  const damaged = (reason: string) => new LedgerDamaged({ path, reason })
  const [head, bytes] = [yield* content(headOf(path)), yield* content(path)]
  if (bytes === undefined) {
    return yield* head === undefined
      ? new LedgerMissing({ path })
      : damaged("the ledger is gone, and its head is there")
  }
  if (head === undefined) return yield* damaged("the head of the ledger is missing")
  const known = decodeHead(decode(head))
  if (Option.isNone(known)) return yield* damaged("the head of the ledger cannot be read")
  const found = interpret(known.value, bytes)
  return typeof found === "string" ? yield* damaged(found) : found
})

/** Whether nothing is there, or a beginning that was cut short: the head of line 0, and no more than a part of that line. */
const isAbsent = Effect.fnUntraced(function* (path: string) {
  const [head, bytes] = [yield* content(headOf(path)), yield* content(path)]
  if (head === undefined) return bytes === undefined
  const text = bytes === undefined ? "" : decode(bytes)
  return Option.exists(
    decodeHead(decode(head)),
    ({ entries, line }) => entries === 0 && line.startsWith(text),
  )
})

const removeIfEmpty = (folder: string) => Effect.ignore(Effect.tryPromise(() => rmdir(folder)))

/** Takes away a lock that is too old, and with it what its holder could commit. Fails with LedgerLocked where it is not. */
const breakLock = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const lock = lockOf(path)
  const { mtime } = yield* fs.stat(lock)
  const now = yield* Clock.currentTimeMillis
  if (Option.exists(mtime, (time) => now - time.getTime() < lease)) {
    return yield* new LedgerLocked({ path })
  }
  for (const name of yield* fs.readDirectory(lock)) {
    yield* fs.remove(`${lock}/${name}`, { force: true })
  }
  yield* removeIfEmpty(lock)
})

/** Gives the lock up, if it is still ours; never that of another. */
const release = Effect.fnUntraced(function* (path: string, token: string) {
  const fs = yield* FileSystem.FileSystem
  for (const file of [token, firstOf(token)]) {
    yield* Effect.ignore(fs.remove(file, { force: true }))
  }
  yield* removeIfEmpty(lockOf(path))
})

/** Takes the lock: a file in its folder with a name that nobody else has, which holds the text. Fails with LedgerLocked at once. */
const acquire = Effect.fnUntraced(
  function* (path: string, text: string) {
    const fs = yield* FileSystem.FileSystem
    const lock = lockOf(path)
    const token = `${lock}/${randomUUID()}`
    const held = Effect.suspend(() => new LedgerLocked({ path }))
    yield* fs.makeDirectory(lock).pipe(
      Effect.catchReason("PlatformError", "AlreadyExists", () =>
        breakLock(path).pipe(
          // somebody else is breaking it too
          Effect.catchReason("PlatformError", "NotFound", () => Effect.void),
          Effect.andThen(fs.makeDirectory(lock)),
          Effect.catchReason("PlatformError", "AlreadyExists", () => held),
        ),
      ),
    )
    yield* write(token, text, { flag: "wx" }).pipe(
      Effect.andThen(fs.readDirectory(lock)),
      Effect.catchReason("PlatformError", "NotFound", () => held),
      // where two have made a file in one folder, both stand back
      Effect.flatMap(({ length }) => (length === 1 ? Effect.void : held)),
      Effect.onError(() => release(path, token)),
    )
    return token
  },
  (effect, path) => usable(path, "no lock can be made beside it")(effect),
)

/** Runs `use` under the lock; an interruption waits for its end. */
const locked = <A, E, R>(
  path: string,
  text: string,
  use: (token: string) => Effect.Effect<A, E, R>,
) =>
  Effect.acquireUseRelease(
    acquire(path, text),
    (token) => Effect.uninterruptible(use(token)),
    (token) => release(path, token),
  )

/** A rename out of the folder of the lock: it fails with LedgerLocked where the lock was taken away. */
const commit = Effect.fnUntraced(function* (path: string, from: string, to: string) {
  const fs = yield* FileSystem.FileSystem
  yield* fs
    .rename(from, to)
    .pipe(Effect.catchReason("PlatformError", "NotFound", () => new LedgerLocked({ path })))
  yield* syncFolder(path)
})

const begin = Effect.fnUntraced(function* (path: string, line: string, token: string) {
  if (!(yield* isAbsent(path))) return false
  yield* write(firstOf(token), `${line}\n`, { flag: "wx" })
  yield* commit(path, token, headOf(path))
  yield* commit(path, firstOf(token), path)
  return true
})

const extend = Effect.fnUntraced(function* (
  path: string,
  count: number,
  line: string,
  token: string,
) {
  const { end, lines, missingAt } = yield* load(path)
  if (lines.length !== count) return false
  if (missingAt !== undefined) {
    yield* write(path, `${lines.at(-1)!}\n`, { flag: "r+", place: missingAt })
  }
  yield* commit(path, token, headOf(path))
  yield* write(path, `${line}\n`, { flag: "r+", place: end })
  return true
})

/** One name for one file, so that two paths to it share a lock. */
const canonical = Effect.fnUntraced(function* (path: string) {
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
          lines: load(path).pipe(
            // it is judged where nobody can be writing
            Effect.catchTag("LedgerDamaged", () => locked(path, "", () => load(path))),
            Effect.map(({ lines }) => lines),
            usable(path),
            Effect.provideContext(context),
          ),
          append: (count, line) =>
            locked(path, JSON.stringify({ entries: count, line } satisfies Head), (token) =>
              count === 0 ? begin(path, line, token) : extend(path, count, line, token),
            ).pipe(usable(path), Effect.provideContext(context)),
        })),
    })),
  )
