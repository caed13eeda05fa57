import { type KeptSweep, Runs } from "@nonconvex/store/Runs"
import { Effect, FileSystem, type PlatformError, Schema, Stream } from "effect"
import type { Place } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Bundle from "../runs/Bundle.ts"
import * as Output from "../../cli/Output.ts"

export interface Input extends Place {
  readonly file: string
}

/** The file cannot be read. */
export class UnreadableBundle extends Schema.TaggedError<UnreadableBundle>()("UnreadableBundle", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: cannot be read (${this.reason}); create such a file with nonconvex export jsonl`
  }
}

const reasons: Readonly<Record<string, string>> = {
  NotFound: "no such file",
  PermissionDenied: "permission denied",
  BadResource: "it is a folder",
}

const contentOf = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const { type } = yield* Effect.orElseSucceed(fs.stat(file), () => ({ type: "Unknown" }))
  if (type === "FIFO" || type === "Socket") {
    const reason = "it is a pipe, but the file is read twice: write it to a file"
    return yield* new UnreadableBundle({ path: file, reason })
  }
  return fs.stream(file).pipe(
    Stream.decodeText,
    Stream.mapError(
      ({ reason }: PlatformError.PlatformError) =>
        new UnreadableBundle({ path: file, reason: reasons[reason._tag] ?? reason.message }),
    ),
  )
})

/** Stores runs that were read completely before. */
const takeIn = Effect.fnUntraced(function* <E, R>(
  all: Stream.Stream<Bundle.Bundled, E, R>,
  sweeps: ReadonlyArray<KeptSweep>,
) {
  const { differences, insert, keepSweep, place, sweeps: here } = yield* Runs
  const before = (yield* differences()).length
  const [runs, parts, fresh] = yield* Stream.runFoldEffect(
    all,
    () => [0, 0, 0] as readonly [number, number, number],
    ([count, sum, news], each) =>
      Effect.map(
        insert(each.run, each.parts),
        (added) => [count + 1, sum + each.parts.size, news + added] as const,
      ),
  )
  const known = new Set((yield* here).map(({ id }) => id))
  // one that is here has its own trials
  for (const sweep of sweeps) if (!known.has(sweep.id)) yield* keepSweep(sweep)
  const other = (yield* differences()).length - before
  const same = parts - fresh - other
  return [
    `${Table.plural(runs, "run")} imported into ${place}: ${Table.plural(fresh, "new part")}`,
    ...(same === 0 ? [] : [`${Table.plural(same, "part")} equal to the saved ones bit for bit`]),
    ...(other === 0
      ? []
      : [`${Table.plural(other, "part")} DIFFERENT from the saved ones, as nonconvex runs shows`]),
  ].join(", ")
})

export const handle = Effect.fn("import")(function* ({ file, ...place }: Input) {
  const content = yield* contentOf(file)
  const all = Bundle.decode(file, content)
  // what is wrong anywhere in it is a reason to take nothing, and to begin no store
  const count = yield* Stream.runCount(all)
  if (count === 0) {
    return yield* new Bundle.BadBundle({ path: file, line: 0, reason: "it holds no runs" })
  }
  const sweeps = yield* Bundle.sweepsOf(file, content)
  const store = CommandStore.runs(place, { makes: true })
  yield* Output.text(yield* Effect.provide(takeIn(all, sweeps), store))
  yield* Output.text(
    "imported runs are reused from now on; nonconvex rerun <run> recomputes and compares one",
  )
})
