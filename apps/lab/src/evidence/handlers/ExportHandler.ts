import type { Row } from "@nonconvex/evidence/Experiment"
import { type KeptRun, Runs } from "@nonconvex/store/Runs"
import { Effect, Schema, Stream } from "effect"
import type { Place } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Csv from "@nonconvex/evidence/Csv"
import * as Folder from "../../files/Folder.ts"
import * as RunSelection from "../runs/RunSelection.ts"
import * as FlatTable from "../runs/FlatTable.ts"
import * as StoredRuns from "../runs/StoredRuns.ts"
import * as Output from "../../cli/Output.ts"

export interface Input extends Place {
  readonly format: "csv" | "jsonl" | "parquet"
  readonly where: string | undefined
  readonly out: string
}

/** There are no runs to write. */
export class NothingToExport extends Schema.TaggedError<NothingToExport>()("NothingToExport", {
  reason: Schema.String,
}) {
  override get message(): string {
    return `nothing is written: ${this.reason}; nonconvex runs lists the saved runs`
  }
}

/** Each run with its rows, read on demand. */
const withRows = (runs: ReadonlyArray<KeptRun>) =>
  Stream.unwrap(
    Effect.map(Runs, ({ rowsOf }) =>
      Stream.mapEffect(Stream.fromIterable(runs), (run) =>
        Effect.map(rowsOf(run.id), (rows) => [run, rows] as const),
      ),
    ),
  )

const cellsOf =
  (columns: ReadonlyArray<FlatTable.Column>) =>
  ([run, rows]: readonly [KeptRun, ReadonlyArray<Row>]) =>
    rows.map((row) => columns.map(({ of }) => of(run, row)))

/** The content of a table, and the number of its rows. Rows are read twice: for its columns, and to be written. */
const table = Effect.fnUntraced(function* (
  format: "csv" | "parquet",
  runs: ReadonlyArray<KeptRun>,
) {
  const finder = FlatTable.finder()
  const count = yield* Stream.runFold(
    withRows(runs),
    () => 0,
    (sum, [run, rows]) => {
      finder.add(run, rows)
      return sum + rows.length
    },
  )
  if (count === 0) return yield* new NothingToExport({ reason: "these runs have no rows" })
  const columns = finder.columns()
  const lines = Stream.map(withRows(runs), cellsOf(columns))
  if (format === "csv") {
    const blank = (values: ReadonlyArray<number | string | boolean | undefined>) =>
      values.map((value) => value ?? "")
    const content = Stream.concat(
      Stream.succeed(Csv.line(columns.map(({ name }) => name))),
      Stream.map(lines, (each) => each.map((row) => Csv.line(blank(row))).join("")),
    )
    return { count, content }
  }
  const Parquet = yield* Effect.promise(() => import("../runs/Parquet.ts"))
  const rows = yield* Stream.toAsyncIterableEffect(Stream.flatMap(lines, Stream.fromIterable))
  return { count, content: yield* Effect.promise(() => Parquet.encode(columns, rows)) }
})

export const handle = Effect.fn("export")(
  function* ({ format, out, where }: Input) {
    const chosen = yield* RunSelection.selected(where)
    const runs = format === "jsonl" ? chosen : chosen.filter(({ key }) => key.kind === "experiment")
    if (runs.length === 0) {
      return yield* new NothingToExport({
        reason:
          chosen.length === 0 ? "no run matches" : "verdicts have no rows, so export them as jsonl",
      })
    }
    const file = yield* Folder.stageFile(out, [(yield* Runs).place])
    const context = yield* Effect.context<Runs>()
    const left = chosen.length - runs.length
    if (format === "jsonl") {
      yield* file.write(Stream.provideContext(StoredRuns.lines(runs), context))
    } else {
      const { content, count } = yield* table(format, runs)
      yield* file.write(
        content instanceof Uint8Array ? content : Stream.provideContext(content, context),
      )
      yield* Output.text(Table.plural(count, "row"))
    }
    yield* Output.text(
      `${Table.plural(runs.length, "run")} in ${out}${left === 0 ? "" : `; ${Table.plural(left, "verdict")} omitted, since verdicts have no rows`}`,
    )
  },
  (work, input) => Effect.provide(work, CommandStore.runs(input)),
)
