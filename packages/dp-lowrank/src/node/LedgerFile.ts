/**
 * A ledger on the disk: an append-only file of lines, and beside it a head that holds the last line.
 *
 * A line is written into the head (a new file, synced, renamed over the old one) before it is appended and synced. A crash at any point
 * leaves either the state before, or a head with one line more than the file, which the next reader appends: what was about to be spent
 * counts as spent. A file that is shorter than its head by more than that was cut by something else. The hashes find accidents, not a
 * forger, who could compute them.
 */
import { Effect, FileSystem, Option, Path, type PlatformError, Schema } from "effect"
import { lock } from "proper-lockfile"
import {
  LedgerDamaged,
  LedgerLocked,
  LedgerMissing,
  LedgerUnusable,
} from "../ledger/LedgerErrors.ts"
import * as LedgerRecord from "../ledger/LedgerRecord.ts"

const Head = Schema.Struct({ entries: Schema.Int, line: Schema.String })
const decodeHead = Schema.decodeUnknownOption(Schema.fromJsonString(Head))

const headOf = (path: string): string => `${path}.head`

const unusable =
  (path: string) =>
  (error: PlatformError.PlatformError): LedgerUnusable =>
    new LedgerUnusable({ path, reason: error.reason._tag })

/** Writes and syncs. */
const write = Effect.fnUntraced(function* (path: string, flag: "w" | "a", text: string) {
  const fs = yield* FileSystem.FileSystem
  yield* Effect.scoped(
    Effect.gen(function* () {
      const file = yield* fs.open(path, { flag })
      yield* file.writeAll(new TextEncoder().encode(text))
      yield* file.sync
    }),
  )
})

/** A new name in a folder is on the disk when the folder is synced, where the system can do that. */
const syncFolder = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const { dirname } = yield* Path.Path
  yield* Effect.scoped(
    Effect.flatMap(fs.open(dirname(path), { flag: "r" }), (folder) => folder.sync),
  ).pipe(Effect.ignore)
})

const writeHead = Effect.fnUntraced(function* (path: string, entries: number, line: string) {
  const fs = yield* FileSystem.FileSystem
  const head = headOf(path)
  yield* write(`${head}.new`, "w", JSON.stringify({ entries, line }))
  yield* fs.rename(`${head}.new`, head)
  yield* syncFolder(path)
})

/** Puts a record, number `entries`, on the disk: first in the head, then in the file. Fails with LedgerUnusable. */
export const append = Effect.fn("LedgerFile.append")(
  function* (path: string, entries: number, record: LedgerRecord.Opening | LedgerRecord.Entry) {
    const line = LedgerRecord.line(record)
    yield* writeHead(path, entries, line)
    yield* write(path, "a", `${line}\n`)
    if (entries === 0) yield* syncFolder(path)
  },
  (effect, path) => Effect.mapError(effect, unusable(path)),
)

/**
 * Whether nothing is there, or the beginning of a creation that a crash interrupted: the head of an opening, and no more than a part
 * of its line. Anything else may be a ledger that was cut, or a file of somebody. Fails with LedgerUnusable.
 */
export const isAbsent = Effect.fn("LedgerFile.isAbsent")(
  function* (path: string) {
    const fs = yield* FileSystem.FileSystem
    const isThere = yield* fs.exists(path)
    if (!(yield* fs.exists(headOf(path)))) return !isThere
    const head = decodeHead(yield* fs.readFileString(headOf(path)))
    const text = isThere ? yield* fs.readFileString(path) : ""
    return Option.isSome(head) && head.value.entries === 0 && head.value.line.startsWith(text)
  },
  (effect, path) => Effect.mapError(effect, unusable(path)),
)

/** Removes a torn first line before a creation begins again. Fails with LedgerUnusable. */
export const clear = Effect.fn("LedgerFile.clear")(
  function* (path: string) {
    const fs = yield* FileSystem.FileSystem
    if (yield* fs.exists(path)) yield* fs.truncate(path, 0)
  },
  (effect, path) => Effect.mapError(effect, unusable(path)),
)

/**
 * Reads and checks the ledger, and finishes what a crash interrupted; call it under the lock. Fails with LedgerMissing, LedgerDamaged,
 * LedgerUnusable.
 */
export const read = Effect.fn("LedgerFile.read")(
  function* (path: string) {
    const fs = yield* FileSystem.FileSystem
    const damaged = (reason: string) => new LedgerDamaged({ path, reason })
    const hasHead = yield* fs.exists(headOf(path))
    if (!(yield* fs.exists(path))) {
      return yield* hasHead
        ? damaged("the ledger is gone, and its head is there")
        : new LedgerMissing({ path })
    }
    if (!hasHead) return yield* damaged("the head of the ledger is missing")
    const head = decodeHead(yield* fs.readFileString(headOf(path)))
    if (Option.isNone(head)) return yield* damaged("the head of the ledger cannot be read")
    const { entries, line } = head.value
    const text = yield* fs.readFileString(path)
    const whole = text.slice(0, text.lastIndexOf("\n") + 1)
    const lines = whole.split("\n").slice(0, -1)
    if (lines.length === entries) {
      // the crash came between the head and the end of the line
      lines.push(line)
    } else if (lines.length !== entries + 1) {
      return yield* damaged(
        `the ledger has ${lines.length} lines, and its head counts ${entries + 1}`,
      )
    } else if (whole !== text || lines.at(-1) !== line) {
      return yield* damaged("the ledger ends otherwise than its head says")
    }
    const book = LedgerRecord.parse(lines)
    if (Option.isNone(book)) return yield* damaged("a line of the ledger was changed")
    const complete = `${lines.join("\n")}\n`
    if (complete !== text) {
      yield* fs.truncate(path, new TextEncoder().encode(whole).length)
      yield* write(path, "a", `${line}\n`)
    }
    return book.value
  },
  (effect, path) =>
    Effect.catchTag(effect, "PlatformError", (error) => Effect.fail(unusable(path)(error))),
)

/**
 * Runs `use` while no other process can hold the ledger; an interruption waits for its end. Fails with LedgerLocked at once where
 * another process holds it.
 */
export const locked = <A, E, R>(path: string, use: Effect.Effect<A, E, R>) => {
  let isCompromised = false
  const acquire = Effect.tryPromise({
    try: () =>
      lock(path, {
        realpath: false,
        stale: 10_000,
        onCompromised: () => {
          isCompromised = true
        },
      }),
    catch: (cause) =>
      cause instanceof Error && "code" in cause && cause.code === "ELOCKED"
        ? new LedgerLocked({ path })
        : new LedgerUnusable({ path, reason: "no lock can be made beside it" }),
  })
  return Effect.acquireUseRelease(
    acquire,
    () =>
      // a machine that slept may have lost the lock to another process: what was spent counts, and nothing is released
      Effect.tap(Effect.uninterruptible(use), () =>
        isCompromised ? Effect.fail(new LedgerLocked({ path })) : Effect.void,
      ),
    (release) => Effect.ignore(Effect.tryPromise(() => release())),
  )
}
