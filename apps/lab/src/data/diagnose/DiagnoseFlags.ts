/** The flags of `diagnose`. */
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"

const asNamed = "the column whose name tells"

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
      "What a training wrote: a file (CSV, JSON lines, event file, trainer_state.json, Parquet, mlflow.db) or a folder of runs",
    ),
  ),
  run: Flags.optional(
    Flag.String("run").pipe(
      Flag.withDescription("One run of a folder or a database, by its name"),
      Flag.withMetavar("name"),
    ),
    "all of them, as a table",
  ),
  follow: Flag.Boolean("follow").pipe(
    Flag.withAlias("f"),
    Flag.withDescription("Read on while the run goes on, and print what is new; Ctrl-C ends it"),
    Flag.withDefault(false),
  ),
  columns: Flags.optional(
    Flag.String("columns").pipe(
      Flag.withDescription("The names of all columns in their order, of a file without a header"),
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
      "Column of |g_t|^2 on one batch that stays, or on all samples, such as grad_sq",
    ),
    product: column(
      "product",
      "Column of g_(t-1) . g_t on the same batch, such as grad_dot_previous",
    ),
    sharpness: column(
      "sharpness",
      "Column of the largest eigenvalue of the Hessian, of Adam of the Hessian that it divides; may have gaps",
    ),
    control: column(
      "control",
      "Column of the loss of one batch that stays, at the parameters of each step, such as control_loss",
    ),
    lossScale: column(
      "loss-scale",
      "Column of the factor that keeps gradients of half precision from underflow, such as loss_scale",
    ),
    nonFinite: column(
      "non-finite",
      "Column of the share of losses that were no number, such as frac_nonfinite_loss of TRL",
    ),
  },
  optimizer: Flags.optional(
    Flag.Literals("optimizer", ["sgd", "momentum", "adam"]).pipe(
      Flag.withDescription("What takes the steps: it decides what is stable"),
    ),
    "not known",
  ),
  momentum: between("momentum", "Decay of the velocity, of --optimizer momentum", "0.9"),
  betas: Flags.optional(
    Flag.String("betas").pipe(
      Flag.withDescription("The two decays of --optimizer adam"),
      Flag.withMetavar("number,number"),
    ),
    "0.9,0.999",
  ),
  eps: Flags.optional(
    Flag.Finite("eps").pipe(
      Flag.withDescription("What --optimizer adam adds to its divisor"),
      Flag.withSchema(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))),
    ),
    "1e-8",
  ),
  batch: Flags.optional(
    Flag.String("batch").pipe(
      Flag.withDescription("Samples of a batch, or full where every step sees all of them"),
      Flag.withMetavar("full|number"),
    ),
    "told by how the losses scatter",
  ),
  threshold: Flag.Finite("threshold").pipe(
    Flag.withDescription(
      "A spike exceeds the loss before it by this factor, and the scatter of the log",
    ),
    Flag.withSchema(Schema.Finite.check(Schema.isGreaterThan(1), Schema.isLessThan(1e6))),
    Flag.withDefault(1.5),
  ),
  smoothing: Flag.Finite("smoothing").pipe(
    Flag.withDescription("Half-life in steps of an average of the losses; 0 is none"),
    Flag.withSchema(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))),
    Flag.withDefault(0),
  ),
  figure: Flags.optional(
    Flag.String("figure").pipe(
      Flag.withDescription("Draw the losses with their events into this SVG file"),
      Flag.withMetavar("file"),
    ),
  ),
  kernels: Flags.kernels,
  spelling: Flags.spelling,
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
