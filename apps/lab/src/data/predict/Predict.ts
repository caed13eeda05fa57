import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./PredictFlags.ts"

export const predict = Verb.make("predict", flags, () => import("./PredictHandler.ts")).pipe(
  Command.withDescription(
    "Predict the target of new rows with a network from nonconvex train --save. Columns are matched by name. Missing values are imputed as in training, and unknown categories are encoded as none; both are reported. If the rows have a target, prints the test error.",
  ),
  Command.withShortDescription("Predict new rows with a saved network"),
  Command.withExamples([
    {
      command: "nonconvex predict patients.json new.csv --probabilities --save predicted.csv",
      description: "New rows from a file",
    },
    {
      command: "nonconvex predict digits.json digits",
      description: "The test set of its bundled training data",
    },
  ]),
)
