/**
 * Recovery of a ledger on disk: finds complete and lost lines, and repairs one place from the other.
 *
 * A recovery only adds lines, so it never reduces the spent budget. If a spend is intact in no place, nothing is changed,
 * since the remaining budget is unknown.
 */
import { Effect, type FileSystem, Option, type Path } from "effect"
import { LedgerMissing, type LedgerUnusable } from "../ledger/LedgerErrors.ts"
import * as LedgerRecord from "../ledger/LedgerRecord.ts"
import { canonical, settle, usable } from "./LedgerFile.ts"
import * as LedgerPlaces from "./LedgerPlaces.ts"

/** Lines of one place, relative to all lines. */
interface PlaceFound {
  readonly path: string
  readonly isThere: boolean
  /** Number of whole lines, and the numbers of damaged or missing ones; the opening is 0. */
  readonly whole: number
  readonly missing: ReadonlyArray<number>
}

/** State of a ledger. */
export interface Found {
  readonly path: string
  /** Lines that the ledger has or had: one for the opening, and one per spend. */
  readonly count: number
  readonly places: ReadonlyArray<PlaceFound>
  /** `"mendable"`: nothing is lost, and a place can be written again. */
  readonly verdict: "whole" | "mendable" | "lost"
  /** Reason for a loss; undefined if nothing is lost. */
  readonly reason: string | undefined
  /** Numbers of the entries that no place holds intact. */
  readonly lost: ReadonlyArray<number>
  /** Content of the ledger; undefined if something is lost. */
  readonly book: (LedgerRecord.Book & { readonly spentEpsilon: number }) | undefined
}

const reasonOf = (own: LedgerPlaces.Union, all: LedgerPlaces.Union): string | undefined => {
  if (own.lines.size === 0) {
    return "none of its lines is intact, and a copy alone does not show later entries"
  }
  if (all.lost.length > 0) return "some of its lines are intact in neither place"
  return all.different.length > 0 ? "its two copies contradict each other" : undefined
}

const survey = Effect.fnUntraced(function* (path: string, copies: ReadonlyArray<string>) {
  const places = yield* LedgerPlaces.both(path)
  const others = yield* Effect.forEach(copies, LedgerPlaces.both)
  for (const [i, [text, entries]] of others.entries()) {
    if (!text.isThere && !entries.isThere) return yield* new LedgerMissing({ path: copies[i]! })
  }
  const own = LedgerPlaces.union(places)
  if (own.count === 0) return yield* new LedgerMissing({ path })
  // where a copy is broken says nothing of the ledger
  const whole = others.flat().map((place) => ({ ...place, broken: new Set<number>() }))
  const all = LedgerPlaces.union([...places, ...whole])
  const unusual = reasonOf(own, all)
  const lines = Array.from({ length: all.count }, (_, n) => all.lines.get(n) ?? "")
  const book = unusual === undefined ? yield* LedgerRecord.parse(lines) : Option.none()
  const known = Option.getOrUndefined(book)
  const found = places.map((place): PlaceFound => {
    const missing = lines.flatMap((_, n) => (place.lines.has(n) ? [] : [n]))
    return { path: place.path, isThere: place.isThere, whole: place.lines.size, missing }
  })
  const isWhole = found.every(({ missing }) => missing.length === 0)
  const result: Found = {
    path,
    count: all.count,
    places: found,
    verdict: known === undefined ? "lost" : isWhole ? "whole" : "mendable",
    reason: unusual ?? (known === undefined ? "a line of it was changed" : undefined),
    lost: all.lost,
    book: known && {
      ...known,
      spentEpsilon: LedgerRecord.spentEpsilon(known.entries, known.opening),
    },
  }
  return { places, lines, result }
})

type Recovering = Effect.Effect<
  Found,
  LedgerMissing | LedgerUnusable,
  FileSystem.FileSystem | Path.Path
>

/** Reports intact and lost lines, with the lines of `copies` included; writes nothing. Fails with LedgerMissing, LedgerUnusable. */
export const inspect = (path: string, copies: ReadonlyArray<string> = []): Recovering =>
  Effect.flatMap(canonical(path), (name) =>
    usable(name)(Effect.map(survey(name, copies), ({ result }) => result)),
  )

/**
 * Restores the lost lines of one place from the other or from `copies`, and returns the findings from before the repair.
 * Does nothing if the ledger is complete, or if a line is lost in all places. Fails as `inspect`.
 */
export const recover = (path: string, copies: ReadonlyArray<string> = []): Recovering =>
  Effect.flatMap(canonical(path), (name) =>
    Effect.flatMap(survey(name, copies), ({ lines, places, result }) =>
      result.verdict === "mendable"
        ? Effect.as(Effect.uninterruptible(settle(places, lines)), result)
        : Effect.succeed(result),
    ).pipe(usable(name)),
  )
