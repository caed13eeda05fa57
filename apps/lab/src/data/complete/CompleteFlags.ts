/** The flags of `complete`. */
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"

/** A flag whose absence means that the cells decide. */
const ifTold = (name: string, description: string, otherwise: string) =>
  Flags.optional(Flag.Boolean(name).pipe(Flag.withDescription(description)), otherwise)

export const flags = {
  file: Argument.String("table").pipe(
    Argument.withDescription(
      "A table as text, Parquet, Arrow or NumPy arrays: a matrix with missing values (empty cells, NA, NaN, ?, null), or triplets",
    ),
  ),
  triplets: ifTold(
    "triplets",
    "Each line is a row name, a column name and a value",
    "on if the third column is numeric and names in the first two repeat, but no pair does; names are words, or integers in a file without missing values",
  ),
  columns: Flags.optional(
    Flag.String("columns").pipe(
      Flag.withDescription(
        "Columns of row, column and value of the triplets, such as user,item,rating; by number, such as 1,2,3, if the file has no header",
      ),
      Flag.withMetavar("names"),
    ),
    "the first three",
  ),
  header: ifTold(
    "header",
    "The first line holds names",
    "on if the first line has words and no numbers, or integers next to a first cell that marks a header",
  ),
  rowNames: ifTold(
    "row-names",
    "The first column holds names",
    "on if the first column has words and no numbers, or if the header leaves its corner empty",
  ),
  top: Flags.optional(
    Flag.Int("top").pipe(
      Flag.withDescription(
        "List the best columns of each row instead of filling the table; observed ones are omitted",
      ),
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 }))),
      Flag.withMetavar("columns"),
    ),
    "no lists, or 10 with --implicit",
  ),
  row: Flag.String("row").pipe(
    Flag.withDescription(
      "A row that gets a list, by its name; may be repeated. Without it, all rows do",
    ),
    Flag.withMetavar("name"),
    Flag.atLeast(0),
  ),
  implicit: ifTold(
    "implicit",
    "Values are counts, such as clicks or purchases: a larger one is more certain, and a missing one is weak evidence against",
    "required if --top is given and the values look like counts",
  ),
  rank: Flags.optional(
    Flag.Int("rank").pipe(
      Flag.withDescription("Rank beyond the row and column effects; 0 fits the effects only"),
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 }))),
    ),
    "chosen by cross-validation",
  ),
  time: Flags.optional(
    Flag.Finite("time").pipe(
      Flag.withDescription("Time limit in seconds; the best model found until then is used"),
      Flag.withSchema(Flags.Seconds),
    ),
    "no limit",
  ),
  folds: Flag.Int("folds").pipe(
    Flag.withDescription("Number of cross-validation folds"),
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 100 }))),
    Flag.withDefault(10),
  ),
  weights: Flags.optional(
    Flag.String("weights").pipe(
      Flag.withDescription(
        "Weights of the observations, 0 for a missing value: a column of the triplets, or a file with the shape of the matrix. Only ratios matter",
      ),
      Flag.withMetavar("column or file"),
    ),
    "equal weights",
  ),
  save: Flags.optional(Flags.table("save", "Write the filled table to this file")),
  model: Flags.optional(
    Flags.path(
      "model",
      "Write the model for new rows (column names, effects and factors; no rows) to this file, for --apply",
      "file",
    ),
  ),
  apply: Flags.optional(
    Flags.path(
      "apply",
      "Fill the rows with a model that --model wrote, instead of fitting one",
      "file",
    ),
  ),
  spelling: Flags.spelling,
  seed: Flags.seed,
  kernels: Flags.kernels,
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
