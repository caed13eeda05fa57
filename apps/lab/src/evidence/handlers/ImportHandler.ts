import { firstDifference } from "@nonconvex/store/Compare"
import { type KeptRun, type KeptSweep, Runs } from "@nonconvex/store/Runs"
import { Effect, FileSystem, type PlatformError, Runtime, Schema, Stream } from "effect"
import type { Place } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Bundle from "../runs/Bundle.ts"
import * as StoredRuns from "../runs/StoredRuns.ts"
import * as Output from "../../cli/Output.ts"

export interface Input extends Place {
  readonly files: ReadonlyArray<string>
}

/** The file cannot be read. */
export class UnreadableBundle extends Schema.TaggedError<UnreadableBundle>()("UnreadableBundle", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: cannot be read (${this.reason}); create such a file with nonconvex export jsonl, or give a store`
  }
}

/** First field in which a part of an imported run differs from the saved one. */
const PartDifference = Schema.Struct({
  run: Schema.String,
  subject: Schema.String,
  seed: Schema.Int,
  part: Schema.Int,
  /** The row and column, or the field of a search; empty where the number of rows differs. */
  place: Schema.String,
  kept: Schema.String,
  found: Schema.String,
})
type PartDifference = typeof PartDifference.Type

/** Parts of runs that were computed twice with different results. */
export class DifferentRuns extends Schema.TaggedError<DifferentRuns>()("DifferentRuns", {
  differences: Schema.NonEmptyArray(PartDifference),
}) {
  override get [Runtime.errorExitCode](): number {
    return 3
  }

  override get message(): string {
    const [{ found, kept, part, place, run, seed, subject }, ...others] = this.differences
    const more = others.length === 0 ? "" : ` (and ${Table.plural(others.length, "other part")})`
    return `run ${run.slice(0, 12)} of ${subject} with seed ${seed} was computed twice with different results: part ${part}${place === "" ? "" : `, ${place}`}: ${kept} is saved, ${found} was imported${more}; the saved results are kept, and nonconvex rerun ${run.slice(0, 12)} tells which of the two this machine computes`
  }
}

const reasons: Readonly<Record<string, string>> = {
  NotFound: "no such file",
  PermissionDenied: "permission denied",
  BadResource: "it is a folder",
}

/** First bytes of a store in a file. */
const mark = "SQLite format 3\0"

/** Lines of the runs in the store that is this file. */
const contentOfStore = (file: string) =>
  Stream.provide(StoredRuns.allLines, CommandStore.runs({ store: file })).pipe(
    Stream.mapError((error) => {
      const [reason] = error.message.replace(`${file}: `, "").split("; ")
      return new UnreadableBundle({ path: file, reason: reason! })
    }),
  )

const contentOf = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const { type } = yield* Effect.orElseSucceed(fs.stat(file), () => ({ type: "Unknown" }))
  if (type === "FIFO" || type === "Socket") {
    const reason = "it is a pipe, but the file is read twice: write it to a file"
    return yield* new UnreadableBundle({ path: file, reason })
  }
  const text = (stream: Stream.Stream<Uint8Array, PlatformError.PlatformError>) =>
    Stream.decodeText(stream).pipe(
      Stream.mapError(
        ({ reason }) =>
          new UnreadableBundle({ path: file, reason: reasons[reason._tag] ?? reason.message }),
      ),
    )
  const start = yield* Stream.mkString(text(fs.stream(file, { bytesToRead: mark.length })))
  return start === mark ? contentOfStore(file) : text(fs.stream(file))
})

/** Runs and sweeps of a file that was read completely before. */
const checked = Effect.fnUntraced(function* (file: string) {
  const content = yield* contentOf(file)
  const runs = Bundle.decode(file, content)
  const count = yield* Stream.runCount(runs)
  if (count === 0) {
    return yield* new Bundle.BadBundle({ path: file, line: 0, reason: "it holds no runs" })
  }
  return { runs, sweeps: yield* Bundle.sweepsOf(file, content) }
})

interface Totals {
  readonly runs: number
  readonly parts: number
  readonly added: number
  readonly differences: ReadonlyArray<PartDifference>
}

/** Parts of an imported run that differ from the saved ones. */
const differencesOf = Effect.fnUntraced(function* (
  { id, key: { seed, subject } }: KeptRun,
  parts: Bundle.Bundled["parts"],
) {
  const kept = yield* (yield* Runs).partsOf(id)
  return [...parts].flatMap(([part, found]): ReadonlyArray<PartDifference> => {
    const before = kept.get(part)
    const apart = before === undefined ? undefined : firstDifference(before, found)
    return apart === undefined ? [] : [{ run: id, subject, seed, part, ...apart }]
  })
})

/** Stores runs that were read completely before. */
const takeIn = Effect.fnUntraced(function* <E, R>(
  all: Stream.Stream<Bundle.Bundled, E, R>,
  sweeps: ReadonlyArray<KeptSweep>,
) {
  const { insert, keepSweep, place, sweeps: here } = yield* Runs
  const { added, differences, parts, runs } = yield* Stream.runFoldEffect(
    all,
    (): Totals => ({ runs: 0, parts: 0, added: 0, differences: [] }),
    Effect.fnUntraced(function* (totals, each) {
      const different = yield* differencesOf(each.run, each.parts)
      return {
        runs: totals.runs + 1,
        parts: totals.parts + each.parts.size,
        added: totals.added + (yield* insert(each.run, each.parts)),
        differences: [...totals.differences, ...different],
      }
    }),
  )
  const known = new Set((yield* here).map(({ id }) => id))
  for (const sweep of sweeps) {
    // one that is here has its own trials
    if (known.has(sweep.id)) continue
    known.add(sweep.id)
    yield* keepSweep(sweep)
  }
  const same = parts - added - differences.length
  yield* Output.text(
    [
      `${Table.plural(runs, "run")} imported into ${place}: ${Table.plural(added, "new part")}`,
      ...(same === 0 ? [] : [`${Table.plural(same, "part")} equal to the saved ones bit for bit`]),
      ...(differences.length === 0
        ? []
        : [
            `${Table.plural(differences.length, "part")} DIFFERENT from the saved ones, as nonconvex runs shows`,
          ]),
    ].join(", "),
  )
  const [first, ...others] = differences
  return first === undefined
    ? undefined
    : yield* new DifferentRuns({ differences: [first, ...others] })
})

export const handle = Effect.fn("import")(function* ({ files, ...place }: Input) {
  // what is wrong anywhere in them is a reason to take nothing, and to begin no store
  const found = yield* Effect.forEach(files, checked)
  const runs = Stream.flatMap(Stream.fromIterable(found), (each) => each.runs)
  const sweeps = found.flatMap((each) => each.sweeps)
  const store = CommandStore.runs(place, { makes: true })
  yield* Effect.provide(takeIn(runs, sweeps), store)
  yield* Output.text(
    "imported runs are reused from now on; nonconvex rerun <run> recomputes and compares one",
  )
})
