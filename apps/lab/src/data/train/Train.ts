import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./TrainFlags.ts"

export const train = Verb.make("train", flags, () => import("./TrainHandler.ts")).pipe(
  Command.withDescription(
    "Train a network on a table or a bundled data set with plain steps or any sharpness-aware method, chosen by held-out error if none is named. Prints the comparison, the test error, the sharpness of the minimum, and the largest stable learning rate. Categorical columns and missing values are encoded; nonconvex predict applies the saved network to new rows. Exit code 3 when the training diverges.",
  ),
  Command.withShortDescription("Train a network on your data: accuracy, sharpness, advice"),
  Command.withExamples([
    {
      command: "nonconvex train digits --save digits.json",
      description: "A bundled data set; chooses the method, and saves the network",
    },
    {
      command:
        "nonconvex train patients.csv --target outcome --patience 10 --save patients.json --figure patients.svg",
      description: "Your own file, with early stopping and a plot of the training",
    },
    {
      command: "nonconvex train patients.csv --target outcome --method sam --folds 5 --advise",
      description: "Cross-validation, and a recommended radius",
    },
    {
      command:
        "nonconvex train data.npz --from net.safetensors --architecture net.json --learning-rate 0.001 --save further.safetensors",
      description: "Continue training a PyTorch network, and write it back with its tensor names",
    },
    {
      command: "nonconvex train diabetes --hidden none --method plain",
      description: "Linear regression, as a baseline",
    },
  ]),
)
