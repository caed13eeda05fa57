/** The flags of `solve`. */
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
const Probability = Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThan(1))

const optional = (name: string, description: string, otherwise?: string) =>
  Flags.optional(
    Flag.Finite(name).pipe(Flag.withDescription(description), Flag.withSchema(Positive)),
    otherwise,
  )

/** A flag whose absence means that the cells decide. */
const ifTold = (name: string, description: string) =>
  Flags.optional(
    Flag.Boolean(name).pipe(Flag.withDescription(description)),
    "detected from the cells",
  )

export const flags = {
  file: Argument.String("file").pipe(
    Argument.withDescription(
      "A table of numbers, with or without names: a payoff matrix, paid to the row player; or [H | b], or [A | b]",
    ),
  ),
  kind: Flag.Literals("as", ["game", "quadratic", "least-squares"]).pipe(
    Flag.withDescription("Kind of problem"),
    Flag.withDefault("game" as const),
  ),
  header: ifTold("header", "The first line holds names"),
  rowNames: ifTold("row-names", "The first column holds names"),
  gap: optional(
    "gap",
    "Largest gap of the answer: what a player can still gain, or the distance above the minimum",
    "limited by rounding",
  ),
  deviation: optional(
    "deviation",
    "Largest distance between the answers of two machines before rounding, for less precise machines",
    "limited by rounding",
  ),
  failure: Flag.Finite("failure").pipe(
    Flag.withDescription("Largest probability that two machines publish different bits"),
    Flag.withSchema(Probability),
    Flag.withDefault(1e-3),
  ),
  precision: Flag.Literals("products", ["float64", "float32", "permuted"]).pipe(
    Flag.withDescription("How matrix products are computed, to simulate another machine"),
    Flag.withDefault("float64" as const),
  ),
  exact: Flag.Boolean("exact").pipe(
    Flag.withDescription(
      "For a game: an equilibrium in exact fractions, which can be checked by hand; payoffs are read as written decimals",
    ),
    Flag.withDefault(false),
  ),
  radius: optional(
    "radius",
    "For quadratics and least squares: bound on the distance of a minimiser from the origin",
  ),
  save: Flags.optional(
    Flags.table("save", "Write all strategies with their probabilities to this file"),
  ),
  spelling: Flags.spelling,
  kernels: Flags.kernels,
  seed: Flags.seed,
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
