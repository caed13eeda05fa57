/** The flags of `train`. */
import type { Recipe, Trained } from "@nonconvex/optim-sam/operations"
import * as Schema from "effect/Schema"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as DataFlags from "../../networks/DataFlags.ts"
import { activations } from "../../networks/Model.ts"
import { outside } from "../../networks/outside/OutsideFlags.ts"

const number = (name: string, description: string, range: Schema.Codec<number, number>) =>
  Flag.Finite(name).pipe(Flag.withDescription(description), Flag.withSchema(range))

const NotNegative = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))
const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
const Fraction = Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThan(1))
const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

const methods = [
  "plain",
  "sam",
  "usam",
  "unified",
  "asam",
  "p-norm",
] as const satisfies ReadonlyArray<Recipe["method"]>
const bases = ["sgd", "momentum", "nesterov", "adamw"] as const satisfies ReadonlyArray<
  Trained["base"]
>

/** A list of widths such as `64,32`, or none at all: a linear model. */
const Widths = Schema.String.check(
  Schema.isPattern(/^(?:none|[1-9]\d{0,4}(?:,[1-9]\d{0,4})*)$/, {
    message: "Expected widths such as 64 or 64,32, or none",
  }),
)

const widthsOf = (text: string): ReadonlyArray<number> =>
  text === "none" ? [] : text.split(",").map(Number)

export const shape = {
  hidden: Flags.optional(
    Flag.String("hidden").pipe(
      Flag.withDescription("Widths of the hidden layers, such as 64,32; none is a linear model"),
      Flag.withSchema(Widths),
      Flag.map(widthsOf),
    ),
    "100",
  ),
  activation: Flags.optional(
    Flag.Literals("activation", activations).pipe(
      Flag.withDescription("What is between the layers"),
    ),
    "relu",
  ),
}

/** A network that goes on training. */
export const from = Flags.optional(
  Flags.path(
    "from",
    "Go on from this network: one that train saved, on the same data and split, or one of another program (.safetensors, .npz, .onnx, .keras, .h5, model.json)",
    "file",
  ),
  "new parameters",
)

export const recipe = {
  method: Flag.Literals("method", methods).pipe(
    Flag.withAlias("m"),
    Flag.withDescription("Where the gradient is taken: at the point, or at a perturbed one"),
    Flag.withDefault("sam" as const),
  ),
  base: Flags.optional(
    Flag.Literals("base", bases).pipe(Flag.withDescription("What the gradient is fed to")),
    "adamw, and sgd where --learning-rate is given",
  ),
  learningRate: Flags.optional(
    number("learning-rate", "Learning rate of the base method", Positive).pipe(Flag.withAlias("l")),
    "the largest that trains of 0.1 (sgd), 0.02 (momentum, nesterov) or 0.01 (adamw; 0.003 with relu), its quarter, and so on",
  ),
  schedule: Flags.optional(
    Flag.Literals("schedule", ["constant", "cosine"]).pipe(
      Flag.withDescription("How the learning rate goes on"),
    ),
    "constant, and cosine where neither --base nor --learning-rate is given",
  ),
  momentum: Flags.optional(number("momentum", "Decay of the velocity", Share), "0.9"),
  weightDecay: number("weight-decay", "Decoupled weight decay", NotNegative).pipe(
    Flag.withDefault(0),
  ),
  clip: Flags.optional(number("clip", "Longest gradient that moves the point", Positive)),
  radius: Flags.optional(
    number("radius", "Radius of the perturbation", NotNegative),
    "0.3, of p-norm 0.05 and of asam 0.5",
  ).pipe(Flag.withAlias("r")),
  normalisation: Flags.optional(
    number("normalisation", "Of --method unified: 0 is usam, 1 is sam", Share),
    "0.5",
  ),
  p: Flags.optional(
    number(
      "p",
      "Of --method p-norm: the norm of the ball",
      Schema.Finite.check(Schema.isGreaterThan(1)),
    ),
    "the largest coordinate",
  ),
  ascents: Flags.optional(Flags.positive("ascents", "Ascent steps before the descent step"), "1"),
  groupSize: Flags.optional(
    Flags.positive("group-size", "Samples that share a perturbation"),
    "the whole batch",
  ),
  every: Flags.optional(Flags.positive("every", "Perturb at every n-th step only"), "1"),
  late: Flags.optional(
    number("late", "Part of the training that is plain before it is not", Share),
    "0",
  ),
}

export const effort = {
  epochs: Flags.optional(
    Flags.positive(
      "epochs",
      "Passes over the training rows; rows of a last batch that would be short are left out, others each time",
    ),
    "50, and of few rows as many as make 1000 steps, at most 500",
  ).pipe(Flag.withAlias("e")),
  batch: Flags.positive("batch", "Rows in a batch").pipe(Flag.withDefault(32)),
  patience: Flags.optional(
    Flags.positive(
      "patience",
      "End early: hold out a part of the training rows, stop after so many epochs without a smaller loss on it, and keep the best epoch",
    ),
    "no early end",
  ),
  validationFraction: Flags.optional(
    number("validation-fraction", "Of --patience: the part of the training rows", Fraction),
    "0.1",
  ),
  classWeights: Flags.optional(
    Flag.String("class-weights").pipe(
      Flag.withDescription(
        "What an error in a class costs: balanced (all classes the same in sum), or such as yes=5,no=1",
      ),
      Flag.withMetavar("weights"),
    ),
    "all rows the same",
  ),
  seed: Flags.seed,
}

/** Flags for checks beside the training itself. */
export const checks = {
  folds: Flags.optional(
    Flag.Int("folds").pipe(
      Flag.withDescription("Cross-validate over the training rows, in so many parts"),
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 100 }))),
    ),
    "no cross-validation",
  ),
  advise: Flag.Boolean("advise").pipe(
    Flag.withDescription(
      "Look for a radius that helps: choose one on held-out parts of the training rows, and check it on others against no perturbation",
    ),
    Flag.withDefault(false),
  ),
}

export const output = {
  save: Flags.optional(
    Flags.path(
      "save",
      "Write the trained network to this file, as JSON; of --from with a network of another program as .safetensors or .npz, under its names",
      "file",
    ),
  ),
  figure: Flags.optional(
    Flags.path("figure", "Write a picture of the training to this SVG file", "file"),
  ),
  json: Flags.json,
}

export const flags = {
  data: DataFlags.data,
  shape: shape,
  from: from,
  outside,
  recipe: recipe,
  effort: effort,
  checks: checks,
  output: output,
  capabilities: Flags.capabilities,
}

/** Everything that the command is given. */
export type Input = Command.Command.Config.Infer<typeof flags>
