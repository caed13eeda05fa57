/** The flags of `release`: public numbers, every one of them. */
import type { Mechanism, Neighbours } from "@nonconvex/dp-lowrank"
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
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

export const rowsPerPerson = Flags.optional(
  Flag.Int("rows-per-person").pipe(
    Flag.withDescription(
      "Rows that one person has at most, a public number: all of them are protected together, by that many times the noise",
    ),
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 24 }))),
  ),
  "1, and rows are protected, not people",
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
    Argument.withDescription(
      "A table of numbers with names: text with any delimiter, Parquet, Arrow or arrays of NumPy",
    ),
  ),
  spelling: Flags.privateSpelling,
  names: Flags.optional(
    Flag.String("names").pipe(
      Flag.withDescription("The names of the columns of a file without them, with commas between"),
      Flag.map((text) => text.split(",")),
    ),
    "the first line",
  ),
  ignore: Flag.String("ignore").pipe(
    Flag.withDescription(
      "A column to leave out, such as one of words; may be given more than once",
    ),
    Flag.withMetavar("column"),
    Flag.atLeast(0),
  ),
  missing: Flag.Literals("missing", ["refuse", "centre"]).pipe(
    Flag.withDescription(
      "Cells without a value, such as nothing or NA: refuse the file, or count them as the centre, which adds nothing to the sum",
    ),
    Flag.withDefault("refuse" as const),
  ),
  check: Flag.Boolean("check").pipe(
    Flag.withDescription(
      "Say what is wrong with the file, and which flags read it: to its owner, for it quotes rows. Nothing is released, and nothing spent",
    ),
    Flag.withDefault(false),
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
    "0",
  ),
  rows: Flags.optional(
    Flag.Int("rows").pipe(Flag.withDescription("The public number of rows, to divide by")),
    "counted under --neighbours replace, where it is public, and else 1: sums",
  ),
  countEpsilon: Flags.optional(
    Flag.Finite("count-epsilon").pipe(
      Flag.withDescription(
        "Under --neighbours add-remove: count the rows privately too, with this epsilon beside the other, and divide by that",
      ),
      Flag.withSchema(Epsilon),
    ),
    "they are not counted",
  ),
  target: Flags.optional(
    Flag.String("target").pipe(
      Flag.withDescription(
        "A column to regress on the others, through the centre and by as many of their directions as the rank: free of charge, with bounds",
      ),
      Flag.withMetavar("column"),
    ),
  ),
}

export const ledger = {
  path: Flags.optional(
    Flag.String("ledger").pipe(
      Flag.withDescription("The ledger of the data"),
      Flag.withMetavar("file"),
    ),
    "beside the data",
  ),
  dataset: Flags.optional(
    Flag.String("dataset").pipe(Flag.withDescription("The public name of the data in the ledger")),
    "that of the file",
  ),
  create: Flag.Boolean("create-ledger").pipe(
    Flag.withDescription("Begin a ledger: nothing of these data was ever released"),
    Flag.withDefault(false),
  ),
  totalEpsilon: Flags.optional(
    Flag.Finite("total-epsilon").pipe(
      Flag.withDescription("Budget of a new ledger for all releases"),
      Flag.withSchema(Epsilon),
    ),
    "what this release takes",
  ),
  totalDelta: Flags.optional(
    Flag.Finite("total-delta").pipe(
      Flag.withDescription("Delta of that budget"),
      Flag.withSchema(Probability),
    ),
    "that of this release",
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

export const flags = {
  data: data,
  rank: Flags.positive("rank", "How many components to keep"),
  epsilon: epsilon,
  delta: delta,
  neighbours: neighbours,
  rowsPerPerson: rowsPerPerson,
  mechanism: mechanism(
    "The noise; isotropic has the smallest error, and the outputs of a complex one are in the file of --save",
  ),
  ledger: ledger,
  output: output,
  kernels: Flags.kernels,
  json: Flags.json,
}

/** Everything that the command is given. */
export type Input = Command.Command.Config.Infer<typeof flags>
