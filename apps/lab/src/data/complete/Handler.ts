import { MatrixFactorization } from "@nonconvex/matrix-factorization/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Console, Deferred, Effect, Layer, Stream } from "effect"
import * as Capable from "../../cli/Capable.ts"
import * as Output from "../../cli/Output.ts"
import { track } from "../../cli/Progress.ts"
import { margin } from "../../cli/TextTable.ts"
import * as Folder from "../../files/Folder.ts"
import * as CompleteInput from "./CompleteInput.ts"
import * as CompleteReport from "./CompleteReport.ts"
import * as Filled from "./Filled.ts"
import type { Input } from "./Complete.ts"

/** How many fits a search makes is not known before: this share of what is left is done by one. */
const share = 0.03

/** Of a filled table that are written together: each may have thousands of cells. */
const linesAtOnce = 8

/** The table completed; at the end of the time, by the best that there is so far. */
const completed = Effect.fnUntraced(function* (
  { table }: CompleteInput.NamedTable,
  { folds, rank, seed, time }: Input,
) {
  const { complete, fitTable } = yield* MatrixFactorization
  const options = { folds, seed, ...(rank !== undefined && { rank }) }
  const parts = Math.min(folds, table.values.length)
  const best: { soFar?: CompleteReport.Completed["validation"] } = {}
  const first = yield* Deferred.make<void>()
  return yield* track({ label: "complete", total: 1 }, ({ done, note }) => {
    const all = complete(table, options, ({ fits, soFar }) => {
      best.soFar = soFar
      Deferred.doneUnsafe(first, Effect.void)
      done(1 - Elementary.pow(1 - share, fits))
      note(`best so far ${margin(soFar.error)}`)
    }).pipe(Effect.map((whole) => ({ ...whole, folds: parts, ended: false })))
    // the simple models come first, so that there is something to take soon
    const tooLong = Effect.gen(function* () {
      yield* time === undefined ? Effect.never : Effect.sleep(1000 * time)
      yield* Deferred.await(first)
      return undefined
    })
    const bestSoFar = Effect.suspend(() => {
      const validation = best.soFar!
      return Effect.map(fitTable(table, validation.model, { seed }), (fit) => ({
        fit,
        validation,
        folds: parts,
        ended: true,
      }))
    })
    return Effect.raceFirst(all, tooLong).pipe(
      Effect.flatMap((found) => (found === undefined ? bestSoFar : Effect.succeed(found))),
      Effect.tap(Effect.sync(() => done(1))),
    )
  })
})

export const handle = Effect.fn("complete")(
  function* (input: Input) {
    const { file, json, kernels, save } = input
    const staged = save === undefined ? undefined : yield* Folder.stageFile(save, [file])
    const named = yield* CompleteInput.read(file, input)
    const found = yield* completed(named, input)
    if (staged !== undefined) {
      yield* staged.write(
        Stream.fromIterable(Filled.csv(named, found.fit), { chunkSize: linesAtOnce }),
      )
    }
    const report = CompleteReport.make(named, found, kernels)
    yield* json
      ? Output.json(CompleteReport.CompleteReport, report)
      : Console.log(CompleteReport.render(report))
  },
  Effect.scoped,
  (work, { kernels }) =>
    Effect.provide(work, Layer.provideMerge(MatrixFactorization.layer, Capable.layer({ kernels }))),
)
