import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import { lazily } from "../../cli/Lazily.ts"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
const Probability = Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThan(1))

const optional = (name: string, description: string): Flag.Flag<number | undefined> =>
  Flags.optional(
    Flag.Finite(name).pipe(Flag.withDescription(description), Flag.withSchema(Positive)),
  )

export const solve = Command.make(
  "solve",
  {
    file: Argument.String("file").pipe(
      Argument.withDescription(
        "A CSV file of numbers: a payoff matrix, paid to the row player; or [H | b], or [A | b]",
      ),
    ),
    kind: Flag.Literals("as", ["game", "quadratic", "least-squares"]).pipe(
      Flag.withDescription("What the numbers are"),
      Flag.withDefault("game" as const),
    ),
    gap: optional(
      "gap",
      "Largest gap of the answer; a hundredth of the range of values by default",
    ),
    deviation: Flag.Finite("deviation").pipe(
      Flag.withDescription("Largest distance between the answers of two machines, before rounding"),
      Flag.withSchema(Positive),
      Flag.withDefault(1e-7),
    ),
    failure: Flag.Finite("failure").pipe(
      Flag.withDescription("Largest probability that two machines publish other bits"),
      Flag.withSchema(Probability),
      Flag.withDefault(1e-3),
    ),
    precision: Flag.Literals("products", ["float64", "float32", "permuted"]).pipe(
      Flag.withDescription("How products are computed: what another machine might do"),
      Flag.withDefault("float64" as const),
    ),
    radius: optional(
      "radius",
      "Of quadratics and least squares: bound on the distance of a minimiser from the origin",
    ),
    spelling: Flags.spelling,
    kernels: Flags.kernels,
    seed: Flags.seed,
    json: Flags.json,
  },
  lazily(() => import("./Handler.ts")),
).pipe(
  Command.withDescription(
    "Solve a matrix game, a quadratic or a least-squares problem so that every machine publishes the same bits: regularised to a certified distance, rounded with a shared seed. Machines that use the same file, tolerances and seed compare the fingerprint; how exactly they compute may differ, and is checked. It refuses tolerances that the arithmetic cannot meet, and names what it can. The gap is that of what is published: where rounding cost more than was asked, it is an error and no answer.",
  ),
  Command.withShortDescription("Solve a game or a quadratic to bits that every machine publishes"),
  Command.withExamples([
    {
      command: "nonconvex solve game.csv",
      description: "Equilibrium strategies, value, duality gap and certificate of a payoff matrix",
    },
    {
      command: "nonconvex solve fit.csv --as least-squares --radius 10",
      description: "The rows are those of A, the last column is b",
    },
  ]),
)
