import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import { lazily } from "../../cli/Lazily.ts"

const column = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.withMetavar("column"))

const optionalColumn = (name: string, description: string) =>
  Flags.optional(column(name, description))

const atLeast = (minimum: number) => Schema.Finite.check(Schema.isGreaterThanOrEqualTo(minimum))

export const diagnose = Command.make(
  "diagnose",
  {
    file: Argument.String("losses").pipe(
      Argument.withDescription("A CSV file with a row for each step of a training"),
    ),
    columns: {
      step: column("step", "Column of the step").pipe(Flag.withDefault("step")),
      loss: column("loss", "Column of the loss, on the same samples at every step").pipe(
        Flag.withDefault("loss"),
      ),
      rate: optionalColumn("rate", "Column of the learning rate"),
      squaredNorm: optionalColumn("squared-norm", "Column of |g_t|^2, on one batch at every step"),
      product: optionalColumn("product", "Column of g_(t-1) . g_t, on the same batch"),
    },
    threshold: Flag.Finite("threshold").pipe(
      Flag.withDescription("A spike exceeds the lowest loss before it by this factor"),
      Flag.withSchema(Schema.Finite.check(Schema.isGreaterThan(1), Schema.isLessThan(1e6))),
      Flag.withDefault(1.5),
    ),
    smoothing: Flag.Finite("smoothing").pipe(
      Flag.withDescription(
        "Half-life in steps of an average, for losses of single batches; 0 is none",
      ),
      Flag.withSchema(atLeast(0)),
      Flag.withDefault(0),
    ),
    momentum: Flag.Finite("momentum").pipe(
      Flag.withDescription("Momentum of the optimizer: the stability limit is 2 (1 + momentum)"),
      Flag.withSchema(atLeast(0)),
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
  },
  lazily(() => import("./Handler.ts")),
).pipe(
  Command.withDescription(
    "Say of each spike of a loss log whether it was a catapult, a divergence, a data spike or a failure of the numbers, on which evidence, and what to do. From losses alone it guesses; with the products of gradients it is likely right. A last row of NaN is part of the diagnosis.",
  ),
  Command.withShortDescription("Explain the spikes of a training loss"),
  Command.withExamples([
    {
      command: "nonconvex diagnose losses.csv --figure losses.svg",
      description: "Columns step and loss",
    },
    {
      command:
        "nonconvex diagnose run.csv --rate lr --squared-norm grad_sq --product grad_dot_previous",
      description: "With what makes it surer",
    },
  ]),
)
