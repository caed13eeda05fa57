import type { Entries } from "@nonconvex/datasets/Entries"
import { hasOneScale, isBetterByColumns, mayHaveColumns } from "@nonconvex/matrix-factorization"
import { imputeColumns, system } from "@nonconvex/matrix-factorization/operations"
import { operate } from "@nonconvex/runner/Operations"
import { Effect, Path } from "effect"
import { createRequire } from "node:module"
import * as Capabilities from "../../cli/Capabilities.ts"
import * as Output from "../../cli/Output.ts"
import { track } from "../../cli/Progress.ts"
import * as Folder from "../../files/Folder.ts"
import * as SavedTable from "../../files/SavedTable.ts"
import * as CompleteInput from "./CompleteInput.ts"
import * as ColumnsReport from "./ColumnsReport.ts"
import * as CompleteReport from "./CompleteReport.ts"
import * as Apply from "./Apply.ts"
import * as CompletionFile from "./CompletionFile.ts"
import * as Filled from "./Filled.ts"
import type { Input } from "./CompleteFlags.ts"
import { completed } from "./LowRank.ts"
import * as Recommend from "./Recommend.ts"
import { Misfit, reported } from "../../cli/Failure.ts"

const { version } = createRequire(import.meta.url)("@nonconvex/lab/package.json") as {
  readonly version: string
}

/** Held-out folds before the time is looked at. */
const quick = 2

/** The table filled column by column; when the time runs out, with weights from two folds. */
const byColumns = Effect.fnUntraced(function* (
  { categories, table }: Entries,
  { folds, seed, time }: Input,
  validation: CompleteReport.Completed["validation"] | undefined,
) {
  const levels = Array.from(categories, ([column, words]) => [column, words.length] as const)
  const given = { table, levels, seed, ...(validation && { lowRank: validation.model }) }
  const run = (count: number) =>
    track({ label: "columns", total: 1 }, ({ done }) =>
      operate(system, imputeColumns, { ...given, folds: count }, (at) => done(at.done / at.of)),
    ).pipe(Effect.map((whole) => ({ ...whole, of: count, ended: false })))
  if (time === undefined) return yield* run(folds)
  const first = yield* run(quick)
  const tooLong = Effect.as(Effect.sleep(1000 * time), { ...first, ended: true })
  return yield* Effect.raceFirst(run(folds), tooLong)
})

/** Flags that only the completion by low rank has. */
const ofLowRank = ["rank", "weights", "model"] as const

/** Tests for flags that ask for low rank alone. Fails with Misfit on a table with words. */
const asksForLowRank = Effect.fnUntraced(function* ({ categories }: Entries, input: Input) {
  const flag = ofLowRank.find((name) => input[name] !== undefined)
  if (flag !== undefined && categories.size > 0) {
    return yield* new Misfit({ flag, needs: "a table without columns of words" })
  }
  return flag !== undefined
})

/** The file of a model that answers for further rows. */
const modelOf = Effect.fnUntraced(function* (
  file: string,
  { columnNames, table }: Entries,
  { fit, validation: { error, standardError } }: CompleteReport.Completed,
) {
  const { base } = (yield* Path.Path).parse(file)
  const { confidence, rows, values } = table
  const sum = confidence?.reduce((total, each) => total + each, 0) ?? values.length
  const made = { version, data: base, rows, observed: values.length, error, standardError }
  const meanWeight = sum / values.length
  return CompletionFile.encode(CompletionFile.make(fit, columnNames, { made, meanWeight }))
})

export const handle = Effect.fn("complete")(
  function* (input: Input) {
    if (input.apply !== undefined) return yield* Apply.apply({ ...input, apply: input.apply })
    if (Recommend.isAsked(input)) return yield* Recommend.recommend(input)
    if (input.row.length > 0) {
      return yield* new Misfit({ flag: "row", needs: "lists, by --top or --implicit" })
    }
    const { file, json, kernels, model, save } = input
    const inputs = Apply.inputsOf(input)
    const saved =
      save === undefined ? undefined : yield* SavedTable.stage(save, inputs, { texts: false })
    const stagedModel = model === undefined ? undefined : yield* Folder.stageFile(model, inputs)
    const named = yield* track({ label: "read", total: 1 }, ({ done }) =>
      Effect.tap(
        CompleteInput.read(file, input),
        Effect.sync(() => done(1)),
      ),
    )
    const isMatrix = named.read.form === "matrix" && !(yield* asksForLowRank(named, input))
    const { categories, table } = named
    const hasColumns =
      isMatrix && (categories.size > 0 || mayHaveColumns(table) || !hasOneScale(table))
    // words are no numbers, which low rank needs
    const isWhole = categories.size === 0
    const parts = Number(hasColumns) + Number(isWhole)
    const timed = { ...input, time: input.time && input.time / parts }
    const whole = isWhole ? yield* completed(named, timed) : undefined
    const imputed = hasColumns ? yield* byColumns(named, timed, whole?.validation) : undefined
    if (imputed !== undefined && (whole === undefined || isBetterByColumns(imputed))) {
      if (saved !== undefined) {
        const written = ColumnsReport.writtenOf(named, imputed, saved.path)
        yield* SavedTable.write(saved, named.read.format, written)
      }
      const report = ColumnsReport.make(named, imputed, kernels)
      return yield* json
        ? Output.json(ColumnsReport.ColumnsReport, report)
        : Output.text(ColumnsReport.render(report))
    }
    const found = whole!
    if (saved !== undefined) {
      yield* SavedTable.writeRows(saved, named, Filled.rowsOf(named.table, found.fit))
    }
    if (stagedModel !== undefined) yield* stagedModel.write(yield* modelOf(file, named, found))
    const report = CompleteReport.make(named, found, input)
    yield* json
      ? Output.json(CompleteReport.CompleteReport, report)
      : Output.text(CompleteReport.render(report))
  },
  Effect.scoped,
  (work, { kernels }) => Effect.provide(work, Capabilities.layer({ kernels })),
  reported,
)
