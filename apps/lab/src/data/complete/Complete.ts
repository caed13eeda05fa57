import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import { lazily } from "../../cli/Lazily.ts"

/** A flag that is absent where the cells shall tell. */
const ifTold = (name: string, description: string) =>
  Flags.optional(Flag.Boolean(name).pipe(Flag.withDescription(description)))

export const complete = Command.make(
  "complete",
  {
    file: Argument.String("table").pipe(
      Argument.withDescription(
        "A CSV file: a matrix with holes (empty cells, NA, NaN, ?), or triplets",
      ),
    ),
    triplets: ifTold(
      "triplets",
      "Each line is a row name, a column name and a value; by default where the second of three columns holds words, and names repeat but pairs of them do not",
    ),
    header: ifTold(
      "header",
      "The first line holds names; by default where it has words and no number, or whole numbers beside a first cell that makes it a header: a word or nothing over row names, or the only word of its column",
    ),
    rowNames: ifTold(
      "row-names",
      "The first column holds names; by default where it has words and no number, or where the header leaves its corner empty",
    ),
    folds: Flag.Int("folds").pipe(
      Flag.withDescription("Parts of the observations that are held out in turn; 5 by default"),
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 100 }))),
      Flag.withDefault(5),
    ),
    save: Flags.optional(
      Flag.String("save").pipe(
        Flag.withDescription("Write the filled table to this CSV file"),
        Flag.withMetavar("file"),
      ),
    ),
    spelling: Flags.spelling,
    seed: Flags.seed.pipe(
      Flag.withDescription(
        "Root seed: the same seed gives the same results on any machine; 1 by default",
      ),
    ),
    kernels: Flags.kernels,
    json: Flags.json,
  },
  lazily(() => import("./Handler.ts")),
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
    {
      command: "nonconvex complete years.csv --header --row-names",
      description: "Numbers in the first line and the first column that are names",
    },
  ]),
)
