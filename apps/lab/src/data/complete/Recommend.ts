/** Lists of the best columns of rows, by predicted values or from counts. */
import type { Entries } from "@nonconvex/datasets/Entries"
import {
  chooseImplicit,
  recommend as recommendRated,
  recommendImplicit,
  system,
} from "@nonconvex/matrix-factorization/operations"
import type { ImplicitChoice } from "@nonconvex/matrix-factorization"
import { operate } from "@nonconvex/runner/Operations"
import { Deferred, Effect } from "effect"
import * as EditDistance from "../../cli/EditDistance.ts"
import { Misfit, NotFound, reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import { track } from "../../cli/Progress.ts"
import { margin } from "../../cli/TextTable.ts"
import * as SavedTable from "../../files/SavedTable.ts"
import { inputsOf } from "./Apply.ts"
import type { Input } from "./CompleteFlags.ts"
import * as CompleteInput from "./CompleteInput.ts"
import { printed, shown } from "./CompleteReport.ts"
import * as Counts from "./Counts.ts"
import { completed, progressOf } from "./LowRank.ts"
import { NothingObserved } from "./NothingToFill.ts"
import * as RecommendReport from "./RecommendReport.ts"

/** Tests for flags that ask for lists. */
export const isAsked = ({ implicit, top }: Input): boolean => implicit === true || top !== undefined

/** Length of a list where no flag gives one. */
const standardTop = 10

/** Counts above 0. Fails as `CompleteInput.read`, and with NotCount. */
const countsOf = Effect.fnUntraced(function* (file: string, input: Input) {
  const entries = yield* Counts.positive(file, yield* CompleteInput.readEntries(file, input))
  const observations = entries.table.values.length
  if (observations < 2) return yield* new NothingObserved({ path: file, observations })
  yield* CompleteInput.requireHole(file, entries)
  return entries
})

/** The table that the flags describe. Fails with PerhapsCounts where they must say what its values are. */
const read = Effect.fnUntraced(function* (file: string, input: Input) {
  if (input.implicit === true) return yield* countsOf(file, input)
  const entries = yield* CompleteInput.read(file, input)
  if (input.implicit === undefined) yield* Counts.requireNone(file, entries)
  return entries
}, reported)

/** Rows that get a list: the named ones, or as many as are printed or saved. Fails with NotFound. */
const rowsOf = Effect.fnUntraced(function* (
  { rowNames }: Entries,
  { file, json, row: names, save }: Input,
  top: number,
) {
  if (names.length === 0) {
    const isPrinted = rowNames.length * top <= printed
    const count = save !== undefined || (json && isPrinted) ? rowNames.length : shown.rows
    return Uint32Array.from({ length: Math.min(count, rowNames.length) }, (_, row) => row)
  }
  const places = new Map(rowNames.map((name, row) => [name, row]))
  const unknown = names.find((name) => !places.has(name))
  if (unknown !== undefined) {
    const suggestions = EditDistance.names(unknown, rowNames)
    return yield* new NotFound({ kind: "row", name: unknown, suggestions, list: file })
  }
  return Uint32Array.from(new Set(names), (name) => places.get(name)!)
})

/** The rows that get a list, and its length. */
interface Asked {
  readonly rows: Uint32Array
  readonly top: number
}

/** The model of counts; when the time runs out, the best so far. */
const chosen = Effect.fnUntraced(function* (
  { table }: Entries,
  { rank, seed, time }: Input,
  top: number,
) {
  const best: { soFar?: ImplicitChoice } = {}
  const first = yield* Deferred.make<void>()
  const options = { top, seed, ...(rank !== undefined && { rank }) }
  return yield* track({ label: "choose", total: 1 }, ({ done, note }) => {
    const search = operate(system, chooseImplicit, { table, ...options }, (soFar) => {
      best.soFar = soFar
      Deferred.doneUnsafe(first, Effect.void)
      done(progressOf(soFar.candidates))
      note(`best so far: NDCG ${margin(soFar.ndcg)}`)
    }).pipe(Effect.map((choice) => ({ ...choice, ended: false })))
    const tooLong = Effect.gen(function* () {
      yield* time === undefined ? Effect.never : Effect.sleep(1000 * time)
      yield* Deferred.await(first)
      return { ...best.soFar!, ended: true }
    })
    return Effect.tap(
      Effect.raceFirst(search, tooLong),
      Effect.sync(() => done(1)),
    )
  })
})

/** Lists from counts. */
const fromCounts = Effect.fnUntraced(function* (
  named: Entries,
  input: Input,
  { rows, top }: Asked,
) {
  const choice = yield* chosen(named, input, top)
  const given = { table: named.table, model: choice.model, top, rows, seed: input.seed }
  const { found, lists } = yield* track({ label: "lists", total: 1 }, ({ done }) =>
    Effect.tap(
      operate(system, recommendImplicit, given),
      Effect.sync(() => done(1)),
    ),
  )
  return { lists, counts: choice, ...(found && { found }) }
})

/** Lists by predicted values. */
const fromValues = Effect.fnUntraced(function* (
  named: Entries,
  input: Input,
  { rows, top }: Asked,
) {
  const { ended, fit, validation } = yield* completed(named, input)
  const given = { table: named.table, fit, top, rows, seed: input.seed }
  const listed = yield* track({ label: "lists", total: 1 }, ({ done }) =>
    Effect.tap(
      operate(system, recommendRated, given),
      Effect.sync(() => done(1)),
    ),
  )
  const { error, model, standardError } = validation
  return { ...listed, values: { model, error, standardError, ended } }
})

/** Fails with Misfit on flags that lists do not have, or lists from counts. */
const requireFit = Effect.fnUntraced(function* ({ implicit, model, rank, weights }: Input) {
  if (model !== undefined) {
    return yield* new Misfit({
      flag: "model",
      needs: "a filled table, without --top and --implicit",
    })
  }
  if (implicit !== true) return
  if (weights !== undefined) {
    return yield* new Misfit({ flag: "weights", needs: "values, without --implicit" })
  }
  if (rank === 0) {
    return yield* new Misfit({ flag: "implicit", needs: "a --rank of at least 1, or none" })
  }
})

export const recommend = Effect.fnUntraced(function* (input: Input) {
  const { file, implicit, json, kernels, save } = input
  yield* requireFit(input)
  const saved =
    save === undefined ? undefined : yield* SavedTable.stage(save, inputsOf(input), { texts: true })
  const named = yield* track({ label: "read", total: 1 }, ({ done }) =>
    Effect.tap(
      read(file, input),
      Effect.sync(() => done(1)),
    ),
  )
  if (named.categories.size > 0) {
    return yield* new Misfit({ flag: "top", needs: "a table without columns of words" })
  }
  const top = Math.min(input.top ?? standardTop, named.table.columns)
  const asked = { top, rows: yield* rowsOf(named, input, top) }
  const listed = yield* implicit === true
    ? fromCounts(named, input, asked)
    : fromValues(named, input, asked)
  if (saved !== undefined) {
    yield* SavedTable.write(saved, named.read.format, RecommendReport.writtenOf(named, listed))
  }
  const report = RecommendReport.make(named, listed, top, kernels)
  yield* json
    ? Output.json(RecommendReport.RecommendReport, report)
    : Output.text(RecommendReport.render(report))
}, reported)
