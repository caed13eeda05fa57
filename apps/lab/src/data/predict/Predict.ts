import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./PredictFlags.ts"

export const predict = Verb.make("predict", flags, () => import("./PredictHandler.ts")).pipe(
  Command.withDescription(
    "Predict the target of new rows with a network from nonconvex train --save, or from another program. For the former, columns are matched by name, missing values are imputed as in training, and unknown categories are read as no category; all of this is reported. For the latter, the output says how the data and the outputs were read. For a folder of checkpoints, the last one predicts. If the rows have a target, prints the test error.",
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
    {
      command: "nonconvex predict net.onnx images.npz --save predicted.csv",
      description: "A network from another program, on rows with or without targets",
    },
  ]),
)
