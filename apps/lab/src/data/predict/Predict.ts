import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./PredictFlags.ts"

export const predict = Verb.make("predict", flags, () => import("./PredictHandler.ts")).pipe(
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
