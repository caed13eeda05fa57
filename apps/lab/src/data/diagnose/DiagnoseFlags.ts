/** The flags of `diagnose`. */
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"

const asNamed = "detected by its name"

const column = (name: string, description: string) =>
  Flags.optional(
    Flag.String(name).pipe(Flag.withDescription(description), Flag.withMetavar("column")),
    asNamed,
  )

const between = (name: string, description: string, otherwise: string) =>
  Flags.optional(
    Flag.Finite(name).pipe(
      Flag.withDescription(description),
      Flag.withSchema(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0), Schema.isLessThan(1))),
    ),
    otherwise,
  )

export const flags = {
  file: Argument.String("log").pipe(
    Argument.withDescription(
      "A training log (CSV, JSON lines, event file, trainer_state.json, Parquet, mlflow.db) or a folder of runs",
    ),
  ),
  run: Flags.optional(
    Flag.String("run").pipe(
      Flag.withDescription("Name of one run in a folder or database"),
      Flag.withMetavar("name"),
    ),
    "all of them, as a table",
  ),
  follow: Flag.Boolean("follow").pipe(
    Flag.withAlias("f"),
    Flag.withDescription("Follow a run in progress and print new events; Ctrl-C stops"),
    Flag.withDefault(false),
  ),
  columns: Flags.optional(
    Flag.String("columns").pipe(
      Flag.withDescription("Column names in order, for a file without a header"),
      Flag.withMetavar("name,name"),
    ),
    "its first line",
  ),
  named: {
    step: column("step", "Column of the step, such as step or global_step"),
    loss: column("loss", "Column of the loss of each step, such as loss or train/loss"),
    rate: column("rate", "Column of the learning rate, such as lr"),
    gradientNorm: column(
      "gradient-norm",
      "Column of the norm of the gradient of each step, such as grad_norm",
    ),
    squaredNorm: column(
      "squared-norm",
      "Column of |g_t|^2 on one fixed batch or on all samples, such as grad_sq",
    ),
    product: column(
      "product",
      "Column of g_(t-1) . g_t on the same batch, such as grad_dot_previous",
    ),
    sharpness: column(
      "sharpness",
      "Column of the largest eigenvalue of the Hessian (for Adam: the preconditioned Hessian); may have gaps",
    ),
    control: column(
      "control",
      "Column of the loss on one fixed batch at the parameters of each step, such as control_loss",
    ),
    lossScale: column(
      "loss-scale",
      "Column of the loss scale of mixed-precision training, such as loss_scale",
    ),
    nonFinite: column(
      "non-finite",
      "Column of the fraction of losses that are not finite, such as frac_nonfinite_loss of TRL",
    ),
    batchSize: column(
      "batch-size",
      "Column of the samples in the batch of each step, such as batch_size, where they change",
    ),
  },
  optimizer: Flags.optional(
    Flag.Literals("optimizer", ["sgd", "momentum", "adam"]).pipe(
      Flag.withDescription("Optimizer of the training; it determines the stability limit"),
    ),
    "as in the log or the configuration next to it",
  ),
  momentum: between("momentum", "Momentum coefficient, for --optimizer momentum", "0.9"),
  betas: Flags.optional(
    Flag.String("betas").pipe(
      Flag.withDescription("The two betas of --optimizer adam"),
      Flag.withMetavar("number,number"),
    ),
    "0.9,0.999",
  ),
  eps: Flags.optional(
    Flag.Finite("eps").pipe(
      Flag.withDescription("Epsilon of --optimizer adam"),
      Flag.withSchema(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))),
    ),
    "1e-8",
  ),
  batch: Flags.optional(
    Flag.String("batch").pipe(
      Flag.withDescription("Batch size, or full for full-batch training"),
      Flag.withMetavar("full|number"),
    ),
    "as in the log or the configuration next to it; else both are considered",
  ),
  threshold: Flag.Finite("threshold").pipe(
    Flag.withDescription(
      "Spike threshold: ratio to the loss before it; a spike must also exceed the scatter of the log",
    ),
    Flag.withSchema(Schema.Finite.check(Schema.isGreaterThan(1), Schema.isLessThan(1e6))),
    Flag.withDefault(1.5),
  ),
  smoothing: Flag.Finite("smoothing").pipe(
    Flag.withDescription("Half-life, in steps, of a moving average of the losses; 0 for none"),
    Flag.withSchema(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))),
    Flag.withDefault(0),
  ),
  figure: Flags.optional(
    Flag.String("figure").pipe(
      Flag.withDescription("Write a plot of the losses and their events to this SVG file"),
      Flag.withMetavar("file"),
    ),
  ),
  kernels: Flags.kernels,
  spelling: Flags.spelling,
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
