/** Flags of `release`; all of them are public numbers. */
import type { Mechanism, Neighbours } from "@nonconvex/dp-lowrank"
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import { statistics } from "./StatisticsFlags.ts"

const mechanisms = [
  "isotropic",
  "complex",
  "upper-triangle",
  "complex-as-printed",
  "real-as-printed",
  "upper-triangle-as-printed",
] as const satisfies ReadonlyArray<Mechanism.Mechanism["name"]>

const relations = ["replace", "add-remove"] as const satisfies ReadonlyArray<Neighbours>

/** Checked like in the ledger, so that errors occur before anything is spent. */
const Epsilon = Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(100))

/** 0 for a budget of statistics alone. */
const BudgetDelta = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0), Schema.isLessThan(1))

/** Half of it and the inverse of that must be finite, since it is needed after the release is paid for. */
const Failure = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(1e-300), Schema.isLessThan(1))

const Numbers = Schema.String.check(
  Schema.isPattern(/^[-+.eE\d]+(?:,[-+.eE\d]+)*$/, {
    message: "Expected numbers with commas between them",
  }),
)

export const neighbours = Flag.Literals("neighbours", relations).pipe(
  Flag.withDescription(
    "Neighbouring data sets: replace (one row replaced) or add-remove (one row more or less)",
  ),
)

export const rowsPerPerson = Flags.optional(
  Flag.Int("rows-per-person").pipe(
    Flag.withDescription(
      "Maximal number of rows of one person, a public number. All rows of a person are protected together; the noise grows by this factor",
    ),
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 24 }))),
  ),
  "1, which protects single rows instead of people",
)

export const epsilon = Flag.Finite("epsilon").pipe(
  Flag.withDescription(
    "Privacy parameter epsilon: the odds of any guess about one row change by at most e^epsilon",
  ),
)

export const delta = Flag.Finite("delta").pipe(
  Flag.withDescription(
    "Privacy parameter delta: the probability that the guarantee fails; far below 1 / rows",
  ),
)

export const mechanism = (description: string) =>
  Flag.Literals("mechanism", mechanisms).pipe(
    Flag.withDescription(description),
    Flag.withDefault("isotropic" as const),
  )

export const data = {
  path: Argument.String("data").pipe(
    Argument.withDescription(
      "A table with column names: text with any delimiter, Parquet, Arrow or NumPy arrays",
    ),
  ),
  spelling: Flags.privateSpelling,
  names: Flags.optional(
    Flag.String("names").pipe(
      Flag.withDescription("Comma-separated column names, for a file without a header"),
      Flag.map((text) => text.split(",")),
    ),
    "the first line",
  ),
  ignore: Flag.String("ignore").pipe(
    Flag.withDescription("A column to ignore, such as a text column; may be repeated"),
    Flag.withMetavar("column"),
    Flag.atLeast(0),
  ),
  missing: Flag.Literals("missing", ["refuse", "centre"]).pipe(
    Flag.withDescription(
      "Missing values, such as empty cells or NA: refuse the file, or replace them by the centre, which adds nothing to the sum",
    ),
    Flag.withDefault("refuse" as const),
  ),
  check: Flag.Boolean("check").pipe(
    Flag.withDescription(
      "Check the file and print which flags read it. For its owner only, since it quotes rows. Nothing is released and no budget is spent",
    ),
    Flag.withDefault(false),
  ),
  bound: Flags.optional(
    Flag.Finite("bound").pipe(
      Flag.withDescription(
        "Norm to which rows are clipped, after --scale; choose it without looking at the data",
      ),
    ),
    "none; --rank needs one",
  ),
  centre: Flags.optional(
    Flag.String("centre").pipe(
      Flag.withDescription("A public point to subtract from every row, as comma-separated numbers"),
      Flag.withSchema(Numbers),
      Flag.map((text) => text.split(",").map(Number)),
    ),
    "0",
  ),
  scale: Flags.optional(
    Flag.String("scale").pipe(
      Flag.withDescription(
        "Public scales by column, such as age=100,income=1e5, or a JSON file of them: columns are divided by them before clipping, so that columns of mixed units share one bound. Results are in the original units. Never compute them from the rows",
      ),
      Flag.withMetavar("scales"),
    ),
    "1 for each column",
  ),
  rows: Flags.optional(
    Flag.Int("rows").pipe(Flag.withDescription("Public number of rows, by which sums are divided")),
    "the row count under --neighbours replace, which is public; otherwise 1, so sums are published",
  ),
  countEpsilon: Flags.optional(
    Flag.Finite("count-epsilon").pipe(
      Flag.withDescription(
        "With --neighbours add-remove: also count the rows privately at this additional epsilon, and divide by the count",
      ),
      Flag.withSchema(Epsilon),
    ),
    "no count",
  ),
  target: Flags.optional(
    Flag.String("target").pipe(
      Flag.withDescription(
        "A column to regress on the others (principal component regression at the same rank, through the centre, with bounds); costs no extra budget",
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
    "next to the data file",
  ),
  dataset: Flags.optional(
    Flag.String("dataset").pipe(Flag.withDescription("The public name of the data in the ledger")),
    "the file name",
  ),
  create: Flag.Boolean("create-ledger").pipe(
    Flag.withDescription("Create a ledger; only if nothing of these data was ever released"),
    Flag.withDefault(false),
  ),
  totalEpsilon: Flags.optional(
    Flag.Finite("total-epsilon").pipe(
      Flag.withDescription("Budget of a new ledger for all releases"),
      Flag.withSchema(Epsilon),
    ),
    "the epsilon of this release",
  ),
  totalDelta: Flags.optional(
    Flag.Finite("total-delta").pipe(
      Flag.withDescription("Delta of that budget"),
      Flag.withSchema(BudgetDelta),
    ),
    "the delta of this release",
  ),
}

export const output = {
  failure: Flag.Finite("failure").pipe(
    Flag.withDescription("Joint error probability of all confidence intervals"),
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
  rank: Flags.optional(
    Flags.positive("rank", "Rank: number of principal components; needs --bound and --delta"),
    "no components",
  ),
  statistics: statistics,
  epsilon: epsilon,
  delta: Flags.optional(delta, "0, for counts, histograms, means and quantiles"),
  neighbours: neighbours,
  rowsPerPerson: rowsPerPerson,
  mechanism: mechanism(
    "Noise mechanism; isotropic has the smallest error. The outputs of a complex mechanism are written to the file of --save",
  ),
  ledger: ledger,
  output: output,
  kernels: Flags.kernels,
  json: Flags.json,
}

/** All inputs of the command. */
export type Input = Command.Command.Config.Infer<typeof flags>

/** Inputs of a release of components. */
export interface ComponentsInput extends Input {
  readonly data: Input["data"] & { readonly bound: number }
  readonly rank: number
  readonly delta: number
}
