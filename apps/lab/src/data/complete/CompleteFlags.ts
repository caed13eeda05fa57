/** The flags of `complete`. */
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"

/** A flag that is absent where the cells shall tell. */
const ifTold = (name: string, description: string, otherwise: string) =>
  Flags.optional(Flag.Boolean(name).pipe(Flag.withDescription(description)), otherwise)

export const flags = {
  file: Argument.String("table").pipe(
    Argument.withDescription(
      "A table as text, Parquet, Arrow or arrays of NumPy: a matrix with holes (empty cells, NA, NaN, ?, null), or triplets",
    ),
  ),
  triplets: ifTold(
    "triplets",
    "Each line is a row name, a column name and a value",
    "where the third column holds numbers, and names in the first two repeat but pairs of them do not: words, or integers in a file without a hole",
  ),
  columns: Flags.optional(
    Flag.String("columns").pipe(
      Flag.withDescription(
        "The columns that hold row, column and value of triplets, as user,item,rating; by number, as 1,2,3, where the file has no header",
      ),
      Flag.withMetavar("names"),
    ),
    "the first three",
  ),
  header: ifTold(
    "header",
    "The first line holds names",
    "where it has words and no number, or integers beside a first cell that makes it a header: a word or nothing over row names, or the only word of its column",
  ),
  rowNames: ifTold(
    "row-names",
    "The first column holds names",
    "where it has words and no number, or where the header leaves its corner empty",
  ),
  rank: Flags.optional(
    Flag.Int("rank").pipe(
      Flag.withDescription(
        "Patterns beside the effects of rows and columns; 0 is the effects alone",
      ),
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 }))),
    ),
    "what predicts best",
  ),
  time: Flags.optional(
    Flag.Finite("time").pipe(
      Flag.withDescription(
        "Seconds after which the search ends, and the best model so far is taken",
      ),
      Flag.withSchema(Flags.Seconds),
    ),
    "as long as it takes",
  ),
  folds: Flag.Int("folds").pipe(
    Flag.withDescription(
      "Parts of the observations that are held out in turn, until the choice is clear",
    ),
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 100 }))),
    Flag.withDefault(10),
  ),
  weights: Flags.optional(
    Flag.String("weights").pipe(
      Flag.withDescription(
        "How much each observation counts, 0 for a hole: the column of triplets that says it, or a file of the same rows and columns as a matrix. Only ratios matter",
      ),
      Flag.withMetavar("column or file"),
    ),
    "all count alike",
  ),
  save: Flags.optional(Flags.table("save", "Write the filled table to this file")),
  model: Flags.optional(
    Flags.path(
      "model",
      "Write what answers for further rows to this file, for --apply: columns, their effects and factors, and no row",
      "file",
    ),
  ),
  apply: Flags.optional(
    Flags.path(
      "apply",
      "Fill the rows by a model that --model wrote, in place of fitting one: each by what is observed of it",
      "file",
    ),
  ),
  spelling: Flags.spelling,
  seed: Flags.seed,
  kernels: Flags.kernels,
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
