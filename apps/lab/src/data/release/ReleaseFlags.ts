/** The flags of `release`: public numbers, every one of them. */
import type { Mechanism, Neighbours } from "@nonconvex/dp-lowrank"
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"

const mechanisms = [
  "isotropic",
  "complex",
  "upper-triangle",
  "complex-as-printed",
  "real-as-printed",
  "upper-triangle-as-printed",
] as const satisfies ReadonlyArray<Mechanism.Name>

const relations = ["replace", "add-remove"] as const satisfies ReadonlyArray<Neighbours>

/** As the ledger requires it: what can be refused is refused before anything is spent. */
const Epsilon = Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(100))
const Probability = Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThan(1))

/** Half of it, and the inverse of that, have to be numbers: it is needed after the release is paid for. */
const Failure = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(1e-300), Schema.isLessThan(1))

const Numbers = Schema.String.check(
  Schema.isPattern(/^[-+.eE\d]+(?:,[-+.eE\d]+)*$/, {
    message: "Expected numbers with commas between them",
  }),
)

export const neighbours = Flag.Literals("neighbours", relations).pipe(
  Flag.withDescription(
    "Which data sets must look alike: one row replaced, or one row more or less",
  ),
)

export const epsilon = Flag.Finite("epsilon").pipe(
  Flag.withDescription("How far the odds of any guess about one row may move: e^epsilon"),
)

export const delta = Flag.Finite("delta").pipe(
  Flag.withDescription("Probability that the guarantee fails; far below 1 / rows"),
)

export const mechanism = (description: string) =>
  Flag.Literals("mechanism", mechanisms).pipe(
    Flag.withDescription(description),
    Flag.withDefault("isotropic" as const),
  )

export const data = {
  path: Argument.String("data").pipe(
    Argument.withDescription("A CSV file of numbers with a row of names"),
  ),
  delimiter: Flags.delimiter,
  ignore: Flag.String("ignore").pipe(
    Flag.withDescription("A column to leave out; may be given more than once"),
    Flag.withMetavar("column"),
    Flag.atLeast(0),
  ),
  bound: Flag.Finite("bound").pipe(
    Flag.withDescription("Norm to which rows are clipped, chosen without looking at them"),
  ),
  centre: Flags.optional(
    Flag.String("centre").pipe(
      Flag.withDescription("A public point to subtract from every row, as numbers with commas"),
      Flag.withSchema(Numbers),
      Flag.map((text) => text.split(",").map(Number)),
    ),
  ),
  rows: Flags.optional(
    Flag.Int("rows").pipe(
      Flag.withDescription(
        "The public number of rows, to divide by; counted under --neighbours replace, where it is public",
      ),
    ),
  ),
}

export const ledger = {
  path: Flags.optional(
    Flag.String("ledger").pipe(
      Flag.withDescription("The ledger of the data; beside the data by default"),
      Flag.withMetavar("file"),
    ),
  ),
  dataset: Flags.optional(
    Flag.String("dataset").pipe(
      Flag.withDescription(
        "The public name of the data in the ledger; that of the file by default",
      ),
    ),
  ),
  create: Flag.Boolean("create-ledger").pipe(
    Flag.withDescription("Begin a ledger: nothing of these data was ever released"),
    Flag.withDefault(false),
  ),
  totalEpsilon: Flags.optional(
    Flag.Finite("total-epsilon").pipe(
      Flag.withDescription("Budget of a new ledger for all releases; this release by default"),
      Flag.withSchema(Epsilon),
    ),
  ),
  totalDelta: Flags.optional(
    Flag.Finite("total-delta").pipe(
      Flag.withDescription("Delta of that budget; that of this release by default"),
      Flag.withSchema(Probability),
    ),
  ),
}

export const output = {
  failure: Flag.Finite("failure").pipe(
    Flag.withDescription("Probability that any interval misses"),
    Flag.withSchema(Failure),
    Flag.withDefault(0.05),
  ),
  save: Flags.optional(
    Flag.String("save").pipe(
      Flag.withDescription(
        "Write the factors, the whole noisy matrix, and the outputs of a complex mechanism to this JSON file",
      ),
      Flag.withMetavar("file"),
    ),
  ),
}
