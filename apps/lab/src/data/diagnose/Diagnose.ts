import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./DiagnoseFlags.ts"

export const diagnose = Verb.make("diagnose", flags, () => import("./DiagnoseHandler.ts")).pipe(
  Command.withDescription(
    "Diagnose each spike of a training loss: its cause (a learning rate above the stability limit, a batch, a numerical failure), the evidence, the one measurement that would decide it better, and the next step. A cause that the log does not show stays unresolved. Logs of TensorBoard, Hugging Face, Lightning, Weights & Biases, MLflow and others are recognised by their content; a folder gives one line per run. NaN losses are diagnosed too; rows without a loss are skipped.",
  ),
  Command.withShortDescription("Explain the spikes of a training loss"),
  Command.withExamples([
    {
      command: "nonconvex diagnose losses.csv --optimizer sgd --batch full --figure losses.svg",
      description: "Full-batch gradient descent; columns step, loss and optionally lr",
    },
    {
      command: "nonconvex diagnose run.csv --optimizer adam --batch 32 --gradient-norm grad_norm",
      description: "Mini-batch training with Adam, with gradient norms as further evidence",
    },
    {
      command: "nonconvex diagnose lightning_logs",
      description: "A table of all runs in a folder",
    },
    {
      command: "nonconvex diagnose runs/today --follow",
      description: "A run in progress",
    },
  ]),
)
