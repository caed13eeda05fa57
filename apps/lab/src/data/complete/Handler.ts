import { mostFits, Unobserved } from "@nonconvex/matrix-factorization"
import { MatrixFactorization } from "@nonconvex/matrix-factorization/evidence"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seam from "@nonconvex/numerics/Seam"
import { Console, Effect, Layer } from "effect"
import * as Capable from "../../cli/Capable.ts"
import * as Output from "../../cli/Output.ts"
import { track } from "../../cli/Progress.ts"
import * as Folder from "../../files/Folder.ts"
import * as CompleteInput from "./CompleteInput.ts"
import * as CompleteReport from "./CompleteReport.ts"
import { NothingObserved } from "./InputError.ts"

export interface Input extends CompleteInput.Options {
  readonly file: string
  readonly folds: number
  readonly save: string | undefined
  readonly seed: number
  readonly kernels: Capable.Chosen["kernels"]
  readonly json: boolean
}

/** The fits that a completion takes at most, or what is wrong with the table, before any work. */
const fitsOf = (
  path: string,
  { columnNames, isDelimited, rowNames, table }: CompleteInput.NamedTable,
  folds: number,
): Effect.Effect<number, InvalidInput | NothingObserved> =>
  Seam.attempt([InvalidInput, Unobserved], () => mostFits(table, { folds })).pipe(
    Effect.catchTag("Unobserved", ({ columns, rows }) =>
      Effect.fail(
        new NothingObserved({
          path,
          rows: rows.map((row) => rowNames[row]!),
          columns: columns.map((column) => columnNames[column]!),
          isDelimited: isDelimited && columns.includes(table.columns - 1),
        }),
      ),
    ),
  )

export const handle = Effect.fn("complete")(
  function* ({ file, folds, json, kernels, save, seed, ...reading }: Input) {
    const staged = save === undefined ? undefined : yield* Folder.stageFile(save, [file])
    const named = yield* CompleteInput.read(file, reading)
    const total = yield* fitsOf(file, named, folds)
    const { complete } = yield* MatrixFactorization
    const completed = yield* track({ label: "complete", total, unit: "fits" }, ({ done }) =>
      Effect.tap(
        complete(named.table, { folds, seed }, ({ fits }) => done(fits)),
        Effect.sync(() => done(total)),
      ),
    )
    const report = CompleteReport.make(named, completed, kernels)
    if (staged !== undefined) yield* staged.write(CompleteReport.csv(report))
    yield* json
      ? Output.json(CompleteReport.CompleteReport, report)
      : Console.log(CompleteReport.render(report))
  },
  Effect.scoped,
  (work, { kernels }) =>
    Effect.provide(work, Layer.provideMerge(MatrixFactorization.layer, Capable.layer({ kernels }))),
)
