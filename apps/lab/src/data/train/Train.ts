import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./TrainFlags.ts"

export const train = Verb.make("train", flags, () => import("./TrainHandler.ts")).pipe(
  Command.withDescription(
    "Train a network on a table or a shipped data set with any sharpness-aware method, and say how well it predicts, how sharp the minimum is, and what that means for the learning rate. Columns of words and missing values are encoded; nonconvex predict uses the saved network on new rows. Exit code 3 when the training diverges.",
  ),
  Command.withShortDescription("Train a network on your data: accuracy, sharpness, advice"),
  Command.withExamples([
    {
      command: "nonconvex train digits --method sam --radius 0.1 --save digits.json",
      description: "A shipped data set; the network is kept",
    },
    {
      command:
        "nonconvex train patients.csv --target outcome --patience 10 --save patients.json --figure patients.svg",
      description: "A file of your own, ended early, with a picture of the training",
    },
    {
      command: "nonconvex train patients.csv --target outcome --folds 5 --advise",
      description: "Cross-validated, and with a radius that is checked on held-out rows",
    },
    {
      command:
        "nonconvex train data.npz --from net.safetensors --architecture net.json --learning-rate 0.001 --save further.safetensors",
      description: "A network of PyTorch goes on training, and is written back under its names",
    },
    {
      command: "nonconvex train diabetes --hidden none --method plain",
      description: "Linear regression, as a baseline",
    },
  ]),
)
