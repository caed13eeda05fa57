import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./DiagnoseFlags.ts"

export const diagnose = Verb.make("diagnose", flags, () => import("./DiagnoseHandler.ts")).pipe(
  Command.withDescription(
    "Say of each spike of a loss log what caused it (a learning rate above the stability limit, a batch, a failure of the numbers), which evidence decided, which one number would decide it better, and what to do. What the log does not show stays unresolved. Logs of TensorBoard, Hugging Face, Lightning, Weights & Biases, MLflow and others are told by their content, and of a folder each run has a line. Losses that are NaN are part of the diagnosis; rows without a loss are left out.",
  ),
  Command.withShortDescription("Explain the spikes of a training loss"),
  Command.withExamples([
    {
      command: "nonconvex diagnose losses.csv --optimizer sgd --batch full --figure losses.svg",
      description: "Columns step and loss, and perhaps lr, of plain steps on all samples",
    },
    {
      command: "nonconvex diagnose run.csv --optimizer adam --batch 32 --gradient-norm grad_norm",
      description: "With what makes it surer",
    },
    {
      command: "nonconvex diagnose lightning_logs",
      description: "A table of the runs of a folder",
    },
    {
      command: "nonconvex diagnose runs/today --follow",
      description: "A run that still goes on",
    },
  ]),
)
