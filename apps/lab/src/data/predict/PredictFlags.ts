/** The flags of `predict`. */
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"

export const flags = {
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
