import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import { lazily } from "../../cli/Lazily.ts"

const flags = {
  file: Argument.String("network").pipe(
    Argument.withDescription("A network that nonconvex train --save wrote"),
  ),
  name: Argument.String("data").pipe(
    Argument.withDescription(
      "A table (text, Parquet, Arrow, arrays of NumPy) with the columns that the network reads, in any order and beside any others; or a shipped data set, whose test part is taken",
    ),
  ),
  spelling: Flags.spelling,
  probabilities: Flag.Boolean("probabilities").pipe(
    Flag.withDescription("The probability of each class as well"),
    Flag.withDefault(false),
  ),
  copied: Flag.String("copy").pipe(
    Flag.withDescription(
      "A column that is written beside the predictions, such as an identifier; may be given more than once",
    ),
    Flag.withMetavar("column"),
    Flag.atLeast(0),
  ),
  save: Flags.optional(
    Flags.table("save", "Write the predictions to this file, in a row for each of the data"),
  ),
  capabilities: Flags.capabilities,
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>

export const predict = Command.make(
  "predict",
  flags,
  lazily(() => import("./Handler.ts")),
).pipe(
  Command.withDescription(
    "Predict the target of new rows with a network that nonconvex train saved. Columns are found by their names; missing values are filled in as in the training, and a word that the training did not have is none of the categories: both are said. Where the rows have a target, it says how many predictions are right.",
  ),
  Command.withShortDescription("Predict new rows with a saved network"),
  Command.withExamples([
    {
      command: "nonconvex predict patients.json new.csv --probabilities --save predicted.csv",
      description: "A file of new rows",
    },
    {
      command: "nonconvex predict digits.json digits",
      description: "The test part of the shipped set that it was trained on",
    },
  ]),
)
