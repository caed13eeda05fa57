/**
 * Places of a ledger on disk: a file of lines, and next to it a folder with a subfolder for each entry.
 *
 * The folder of an entry holds files; one of them contains the line of the entry. Every line has its own hash, so each place
 * can be read without the other. Together they contain every line that is intact in at least one place.
 */
import { Effect, FileSystem, type PlatformError } from "effect"
import { LedgerDamaged, LedgerMissing, LedgerUnusable } from "../ledger/LedgerErrors.ts"
import * as LedgerRecord from "../ledger/LedgerRecord.ts"

/** Content of one place, by number: the opening is 0, and the first spend is 1. */
export interface Place {
  readonly path: string
  readonly isThere: boolean
  /** Whole lines. */
  readonly lines: ReadonlyMap<number, string>
  /** Numbers whose content is not the line of that number. */
  readonly broken: ReadonlySet<number>
}

/** A file of lines, with its bytes; undefined if missing. */
export interface Text extends Place {
  readonly bytes: Uint8Array | undefined
}

/** The folder of the entries of a ledger. */
export const entriesOf = (path: string): string => `${path}.entries`

/** Result of an effect; undefined where its file does not exist. */
const found = <A, R>(effect: Effect.Effect<A, PlatformError.PlatformError, R>) =>
  Effect.catchReason(effect, "PlatformError", "NotFound", () => Effect.undefined)

/** Sorts the texts found at each number. */
const sorted = Effect.fnUntraced(function* (
  path: string,
  texts: Iterable<readonly [number, string]>,
) {
  const lines = new Map<number, string>()
  const broken = new Set<number>()
  for (const [number, text] of texts) {
    if (yield* LedgerRecord.isWhole(text, number)) lines.set(number, text)
    else if (yield* LedgerRecord.isUnfamiliar(text)) {
      const what = number === 0 ? "its opening" : `entry ${number}`
      const reason = `${what} is of a newer version of nonconvex: use that version`
      return yield* new LedgerUnusable({ path, reason })
    } else broken.add(number)
  }
  for (const number of lines.keys()) broken.delete(number)
  return { lines, broken }
})

/** Reads a file of lines. */
export const text = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const bytes = yield* found(fs.readFile(path))
  const lines = bytes === undefined ? [] : new TextDecoder().decode(bytes).split("\n")
  // the end of the last line; where nothing else is in the file, its first line is broken
  if (lines.length > 1 && lines.at(-1) === "") lines.pop()
  return { path, isThere: bytes !== undefined, bytes, ...(yield* sorted(path, lines.entries())) }
})

/** Reads the folder of the entries. Proposals have other names, and numbers above 999,999 are ignored. */
const entries = Effect.fnUntraced(function* (ledger: string) {
  const fs = yield* FileSystem.FileSystem
  const path = entriesOf(ledger)
  const names = yield* found(fs.readDirectory(path))
  const texts: Array<readonly [number, string]> = []
  for (const name of names ?? []) {
    if (!/^\d{1,6}$/.test(name)) continue
    const files = yield* fs.readDirectory(`${path}/${name}`)
    if (files.length === 0) texts.push([Number(name), ""])
    for (const file of files) {
      const line = yield* fs.readFileString(`${path}/${name}/${file}`)
      texts.push([Number(name), line.replace(/\n$/, "")])
    }
  }
  return { path, isThere: names !== undefined, ...(yield* sorted(path, texts)) } satisfies Place
})

/**
 * Both places of a ledger. The file is read first: a line enters it after its entry, so a concurrent write never looks like
 * a lost entry.
 */
export const both = Effect.fnUntraced(function* (path: string) {
  const file: Text = yield* text(path)
  return [file, yield* entries(path)] as const
})

/** Union of the lines of several places. */
export interface Union {
  /** One more than the largest number with any content. */
  readonly count: number
  readonly lines: ReadonlyMap<number, string>
  /** Numbers without an intact line, and numbers with two different lines. */
  readonly lost: ReadonlyArray<number>
  readonly different: ReadonlyArray<number>
}

/** Merges the lines of several places. */
export const union = (places: ReadonlyArray<Place>): Union => {
  const lines = new Map<number, string>()
  const different = new Set<number>()
  let count = 0
  for (const place of places) {
    for (const [number, line] of place.lines) {
      if ((lines.get(number) ?? line) !== line) different.add(number)
      lines.set(number, line)
      count = Math.max(count, number + 1)
    }
    for (const number of place.broken) count = Math.max(count, number + 1)
  }
  const lost = Array.from({ length: count }, (_, n) => n).filter((n) => !lines.has(n))
  return { count, lines, lost, different: [...different] }
}

/**
 * The lines in order. Fails with LedgerMissing if there are none, and with LedgerDamaged if one is missing in both places or
 * two differ.
 */
export const ordered = (
  path: string,
  { count, different, lines, lost }: Union,
): Effect.Effect<ReadonlyArray<string>, LedgerMissing | LedgerDamaged> => {
  if (count === 0) return Effect.fail(new LedgerMissing({ path }))
  const [number] = [...lost, ...different]
  if (number === undefined) {
    return Effect.succeed(Array.from({ length: count }, (_, n) => lines.get(n)!))
  }
  const where = `${path} and ${entriesOf(path)}`
  const what = number === 0 ? "the opening" : `entry ${number}`
  const reason =
    lost.length > 0 ? `${what} is complete in neither ${where}` : `${what} differs between ${where}`
  return Effect.fail(new LedgerDamaged({ path, reason }))
}
