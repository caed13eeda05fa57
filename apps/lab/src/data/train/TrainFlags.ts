/** The flags of `train`. */
import type { Recipe } from "@nonconvex/optim-sam/evidence"
import * as Schema from "effect/Schema"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import { activations } from "../../networks/Model.ts"

const number = (name: string, description: string, range: Schema.Codec<number, number>) =>
  Flag.Finite(name).pipe(Flag.withDescription(description), Flag.withSchema(range))

const NotNegative = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))
const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
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
  Recipe["base"]
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
  hidden: Flag.String("hidden").pipe(
    Flag.withDescription("Widths of the hidden layers, such as 64,32; none is a linear model"),
    Flag.withSchema(Widths),
    Flag.withDefault("32"),
    Flag.map(widthsOf),
  ),
  activation: Flag.Literals("activation", activations).pipe(
    Flag.withDescription("What is between the layers"),
    Flag.withDefault("relu" as const),
  ),
}

export const recipe = {
  method: Flag.Literals("method", methods).pipe(
    Flag.withAlias("m"),
    Flag.withDescription("Where the gradient is taken: at the point, or at a perturbed one"),
    Flag.withDefault("sam" as const),
  ),
  base: Flag.Literals("base", bases).pipe(
    Flag.withDescription("What the gradient is fed to"),
    Flag.withDefault("sgd" as const),
  ),
  learningRate: number("learning-rate", "Learning rate of the base method", Positive).pipe(
    Flag.withAlias("l"),
    Flag.withDefault(0.1),
  ),
  schedule: Flag.Literals("schedule", ["constant", "cosine"]).pipe(
    Flag.withDescription("How the learning rate goes on"),
    Flag.withDefault("constant" as const),
  ),
  momentum: Flags.optional(number("momentum", "Decay of the velocity, 0.9 by default", Share)),
  weightDecay: number("weight-decay", "Decoupled weight decay", NotNegative).pipe(
    Flag.withDefault(0),
  ),
  clip: Flags.optional(number("clip", "Longest gradient that moves the point", Positive)),
  radius: Flags.optional(
    number("radius", "Radius of the perturbation, 0.05 by default and 0.5 for asam", NotNegative),
  ).pipe(Flag.withAlias("r")),
  normalisation: Flags.optional(
    number("normalisation", "Of --method unified: 0 is usam, 1 is sam, 0.5 by default", Share),
  ),
  p: Flags.optional(
    number(
      "p",
      "Of --method p-norm: the norm of the ball, the largest by default",
      Schema.Finite.check(Schema.isGreaterThan(1)),
    ),
  ),
  ascents: Flags.optional(Flags.positive("ascents", "Ascent steps before the descent step")),
  groupSize: Flags.optional(
    Flags.positive("group-size", "Samples that share a perturbation, the whole batch by default"),
  ),
  every: Flags.optional(Flags.positive("every", "Perturb at every n-th step only")),
  late: Flags.optional(
    number("late", "Part of the training that is plain before it is not", Share),
  ),
}

export const effort = {
  epochs: Flags.positive(
    "epochs",
    "Passes over the training rows; rows of a last batch that would be short are left out, others each time",
  ).pipe(Flag.withAlias("e"), Flag.withDefault(20)),
  batch: Flags.positive("batch", "Rows in a batch").pipe(Flag.withDefault(32)),
  tolerance: number(
    "tolerance",
    "Loss above the minimum that the advised radius may cost",
    Positive,
  ).pipe(Flag.withDefault(0.01)),
  seed: Flags.seed,
}

export const output = {
  save: Flags.optional(
    Flag.String("save").pipe(
      Flag.withDescription("Write the trained network to this file, as JSON"),
      Flag.withMetavar("file"),
    ),
  ),
  json: Flags.json,
}
