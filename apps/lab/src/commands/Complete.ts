import { type CompletionPlan, planCompletion, Unobserved } from "@nonconvex/matrix-factorization"
import { InvalidInput, Seam, Seed } from "@nonconvex/numerics"
import { Console, Effect, Option, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { blocking } from "../Blocking.ts"
import * as CompleteInput from "../complete/CompleteInput.ts"
import * as CompleteReport from "../complete/CompleteReport.ts"
import * as Flags from "../Flags.ts"
import * as Output from "../Output.ts"
import * as Folder from "../report/Folder.ts"

const plan = (
  path: string,
  named: CompleteInput.NamedTable,
  folds: number,
  seed: number,
): Effect.Effect<CompletionPlan, InvalidInput | CompleteInput.NothingObserved> =>
  Seam.attempt([InvalidInput, Unobserved], () =>
    planCompletion(named.table, { folds, seed: Seed.root(seed).child("complete") }),
  ).pipe(
    Effect.catchTag("Unobserved", ({ columns, rows }) =>
      Effect.fail(
        new CompleteInput.NothingObserved({
          path,
          rows: rows.map((row) => named.rowNames[row]!),
          columns: columns.map((column) => named.columnNames[column]!),
        }),
      ),
    ),
  )

export const complete = Command.make(
  "complete",
  {
    file: Argument.String("table").pipe(
      Argument.withDescription(
        "A CSV file: a matrix with holes (empty cells, NA, NaN, ?), or triplets",
      ),
    ),
    triplets: Flag.Boolean("triplets").pipe(
      Flag.withDescription("Each line is a row name, a column name and a value"),
      Flag.withDefault(false),
    ),
    folds: Flag.Int("folds").pipe(
      Flag.withDescription("Parts of the observations that are held out in turn"),
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 100 }))),
      Flag.withDefault(5),
    ),
    save: Flag.String("save").pipe(
      Flag.withDescription("Write the filled table to this CSV file"),
      Flag.withMetavar("file"),
      Flag.optional,
      Flag.map(Option.getOrUndefined),
    ),
    delimiter: Flags.delimiter,
    seed: Flags.seed,
    json: Flags.json,
  },
  Effect.fn(function* ({ delimiter, file, folds, json, save, seed, triplets }) {
    const staged = save === undefined ? undefined : yield* Folder.stageFile(save, [file])
    const named = yield* CompleteInput.read(file, { triplets, delimiter })
    const { finish, pieces } = yield* plan(file, named, folds, seed)
    const completed = yield* blocking(
      Effect.sync(() => {
        for (const piece of pieces) piece()
        return finish()
      }),
    )
    const report = CompleteReport.make(named, completed)
    if (staged !== undefined) yield* staged.write(CompleteReport.csv(report))
    yield* json
      ? Output.json(CompleteReport.CompleteReport, report)
      : Console.log(CompleteReport.render(report))
  }, Effect.scoped),
).pipe(
  Command.withDescription(
    "Fill the holes of a table by low rank: a trace norm, plain or weighted by the observations of rows and columns as flatness does it, chosen with its penalty by cross-validation. Prints the rank, how near the fit is to the optimum, and the held-out error. Observed values stay as they are. Rows and columns of which nothing is known are refused, by name.",
  ),
  Command.withShortDescription("Fill the holes of a table, with a certificate and an error"),
  Command.withExamples([
    { command: "nonconvex complete table.csv", description: "A matrix with holes" },
    {
      command: "nonconvex complete ratings.csv --triplets --save filled.csv",
      description: "Lines of user, item, rating; the filled table goes to a file",
    },
  ]),
)
