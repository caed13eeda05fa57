/** The flags of `train`. */
import type { Trained } from "@nonconvex/optim-sam/operations"
import * as Schema from "effect/Schema"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as DataFlags from "../../networks/DataFlags.ts"
import { activations } from "../../networks/Model.ts"
import { outside } from "../../networks/outside/OutsideFlags.ts"
import type { Asked } from "./Settings.ts"

const number = (name: string, description: string, range: Schema.Codec<number, number>) =>
  Flag.Finite(name).pipe(Flag.withDescription(description), Flag.withSchema(range))

const NotNegative = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))
const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
const Fraction = Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThan(1))
const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

const methods = [
  "auto",
  "plain",
  "sam",
  "usam",
  "unified",
  "asam",
  "p-norm",
] as const satisfies ReadonlyArray<Asked["recipe"]["method"]>
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
  network: Flags.optional(
    Flag.Literals("network", ["resnet8"]).pipe(
      Flag.withDescription(
        "For images: resnet8, a residual network of convolutions with batch normalisation, trained in float32",
      ),
    ),
    "fully connected layers",
  ),
  channels: Flags.optional(
    Flag.Int("channels").pipe(
      Flag.withDescription(
        "With --network: channels of the first convolution; the last two blocks have twice and four times as many",
      ),
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 128 }))),
    ),
    "8",
  ),
  hidden: Flags.optional(
    Flag.String("hidden").pipe(
      Flag.withDescription("Widths of the hidden layers, such as 64,32; none gives a linear model"),
      Flag.withSchema(Widths),
      Flag.map(widthsOf),
    ),
    "100",
  ),
  activation: Flags.optional(
    Flag.Literals("activation", activations).pipe(
      Flag.withDescription("Activation function of the hidden layers"),
    ),
    "relu",
  ),
}

/** Network whose training continues. */
export const from = Flags.optional(
  Flags.path(
    "from",
    "Continue from this network: one saved by train, on the same data and split, or one from another program (.safetensors, .npz, .onnx, .keras, .h5, model.json)",
    "file",
  ),
  "new parameters",
)

export const recipe = {
  method: Flag.Literals("method", methods).pipe(
    Flag.withAlias("m"),
    Flag.withDescription(
      "Method; all but auto and plain take the gradient at a perturbed point; auto compares plain and three radii of sam by held-out error at equal cost, and keeps plain unless one is better by its 95 % confidence interval",
    ),
    Flag.withDefault("auto" as const),
  ),
  base: Flags.optional(
    Flag.Literals("base", bases).pipe(Flag.withDescription("Base optimizer")),
    "adamw, or sgd with --learning-rate",
  ),
  learningRate: Flags.optional(
    number("learning-rate", "Learning rate of the base optimizer", Positive).pipe(
      Flag.withAlias("l"),
    ),
    "0.1 (sgd), 0.02 (momentum, nesterov) or 0.01 (adamw; 0.003 with relu), divided by 4 until training converges",
  ),
  schedule: Flags.optional(
    Flag.Literals("schedule", ["constant", "cosine"]).pipe(
      Flag.withDescription("Learning rate schedule"),
    ),
    "constant; cosine if neither --base nor --learning-rate is given",
  ),
  momentum: Flags.optional(number("momentum", "Momentum coefficient", Share), "0.9"),
  weightDecay: number("weight-decay", "Decoupled weight decay", NotNegative).pipe(
    Flag.withDefault(0),
  ),
  clip: Flags.optional(number("clip", "Gradient clipping norm", Positive)),
  radius: Flags.optional(
    number("radius", "Radius of the perturbation", NotNegative),
    "chosen from three by held-out error; with --from 0.3, 0.05 for p-norm, 0.5 for asam",
  ).pipe(Flag.withAlias("r")),
  normalisation: Flags.optional(
    number("normalisation", "With --method unified: 0 is usam, 1 is sam", Share),
    "0.5",
  ),
  p: Flags.optional(
    number(
      "p",
      "With --method p-norm: the exponent p of the norm",
      Schema.Finite.check(Schema.isGreaterThan(1)),
    ),
    "infinity, the maximum norm",
  ),
  ascents: Flags.optional(Flags.positive("ascents", "Ascent steps before the descent step"), "1"),
  groupSize: Flags.optional(
    Flags.positive("group-size", "Samples per perturbation (m of m-SAM)"),
    "the whole batch",
  ),
  every: Flags.optional(Flags.positive("every", "Perturb at every n-th step only"), "1"),
  late: Flags.optional(
    number("late", "Fraction of training that runs without perturbation at the start", Share),
    "0",
  ),
}

export const effort = {
  epochs: Flags.optional(
    Flags.positive(
      "epochs",
      "Epochs; a short last batch is dropped, with different rows each time",
    ),
    "50; more for small data, up to 1000 steps or 500 epochs",
  ).pipe(Flag.withAlias("e")),
  batch: Flags.positive("batch", "Batch size").pipe(Flag.withDefault(32)),
  patience: Flags.optional(
    Flags.positive(
      "patience",
      "Early stopping: stop after this many epochs without a lower loss on a validation set taken from the training rows, and keep the best epoch",
    ),
    "no early stopping",
  ),
  validationFraction: Flags.optional(
    number(
      "validation-fraction",
      "With --patience: size of the validation set, as a fraction of the training rows",
      Fraction,
    ),
    "0.1",
  ),
  classWeights: Flags.optional(
    Flag.String("class-weights").pipe(
      Flag.withDescription(
        "Class weights: balanced (all classes the same total), or explicit, such as yes=5,no=1",
      ),
      Flag.withMetavar("weights"),
    ),
    "equal weights",
  ),
  seed: Flags.seed,
}

/** Flags for checks in addition to the training. */
export const checks = {
  folds: Flags.optional(
    Flag.Int("folds").pipe(
      Flag.withDescription("Number of cross-validation folds over the training rows"),
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 100 }))),
    ),
    "no cross-validation",
  ),
  advise: Flag.Boolean("advise").pipe(
    Flag.withDescription(
      "With a --method other than plain and auto: choose a radius by cross-validation, compare it with no perturbation on rows not used for the choice, and train without one unless it helps",
    ),
    Flag.withDefault(false),
  ),
}

export const output = {
  save: Flags.optional(
    Flags.path(
      "save",
      "Write the trained network to this file as JSON; one of --network as .safetensors, which certify, predict and PyTorch read; a network from another program (--from) as .safetensors or .npz, with its tensor names",
      "file",
    ),
  ),
  figure: Flags.optional(
    Flags.path("figure", "Write a plot of the training to this SVG file", "file"),
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

/** All inputs of the command. */
export type Input = Command.Command.Config.Infer<typeof flags>
