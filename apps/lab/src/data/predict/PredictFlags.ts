/** The flags of `predict`. */
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as DataFlags from "../../networks/DataFlags.ts"
import { outside } from "../../networks/outside/OutsideFlags.ts"

export const flags = {
  file: Argument.String("network").pipe(
    Argument.withDescription(
      "A network from nonconvex train --save, or from another program: .safetensors or .npz with --architecture, .onnx, .keras, .h5, or model.json of TensorFlow.js; or a folder of these",
    ),
  ),
  data: {
    name: Argument.String("data").pipe(
      Argument.withDescription(
        "A table (text, Parquet, Arrow, NumPy arrays) that has the network's input columns, in any order; or a bundled data set, whose test set is used; for networks from other programs also .npz, IDX images, CIFAR-10 files, and a folder of PNG pictures",
      ),
    ),
    target: DataFlags.data.target.pipe(
      Flag.withDescription(
        "For a network from another program: the target column or array, to measure the error",
      ),
    ),
    task: DataFlags.data.task.pipe(
      Flag.withDescription(
        "For a network from another program: whether its outputs are classes or values",
      ),
    ),
    ignore: DataFlags.data.ignore,
  },
  outside,
  spelling: Flags.spelling,
  probabilities: Flag.Boolean("probabilities").pipe(
    Flag.withDescription("Also write the probability of each class"),
    Flag.withDefault(false),
  ),
  copied: Flag.String("copy").pipe(
    Flag.withDescription(
      "A column to copy next to the predictions, such as an identifier; may be repeated",
    ),
    Flag.withMetavar("column"),
    Flag.atLeast(0),
  ),
  save: Flags.optional(
    Flags.table("save", "Write the predictions to this file, one row per input row"),
  ),
  capabilities: Flags.capabilities,
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
