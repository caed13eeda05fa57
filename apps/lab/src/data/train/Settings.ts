/** Settings of a training other than its data, as input of the operation. */
import * as Dataset from "@nonconvex/datasets/Dataset"
import * as Split from "@nonconvex/datasets/Split"
import * as Seed from "@nonconvex/numerics/Seed"
import { Effect, Result, Schema } from "effect"
import { Misfit } from "../../cli/Failure.ts"
import type * as Prepared from "@nonconvex/datasets/Prepared"
import type { TrainInput } from "./Training.ts"

/** The weights name an unknown class, or are not numbers above 0. */
export class WrongWeights extends Schema.TaggedError<WrongWeights>()("WrongWeights", {
  reason: Schema.String,
  classes: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `--class-weights: ${this.reason}; use balanced, or numbers above 0 for some of the classes ${this.classes.slice(0, 12).join(", ")}, such as ${this.classes[0]}=2`
  }
}

/**
 * Maximum number of parameters of a network. The sharpness computation uses 69 vectors of this length, which must fit into
 * the 4 GiB of an arena.
 */
export const mostParameters = 7_500_000

/** The network of a table with very many columns would have too many numbers. */
export class TooManyParameters extends Schema.TaggedError<TooManyParameters>()(
  "TooManyParameters",
  { data: Schema.String, widths: Schema.Array(Schema.Int), parameters: Schema.Number },
) {
  override get message(): string {
    return `${this.data}: a network of widths ${this.widths.join(",")} has ${this.parameters} parameters; the limit of train is ${mostParameters}; drop columns with --ignore, or use fewer units in --hidden, or none for a linear model`
  }
}

export interface Settings {
  readonly shape: TrainInput["shape"]
  readonly start?: TrainInput["start"]
  readonly recipe: TrainInput["recipe"]
  readonly effort: Pick<TrainInput, "epochs" | "batch" | "seed"> & {
    readonly patience: number | undefined
    readonly validationFraction: number | undefined
    readonly classWeights: string | undefined
  }
}

/** Settings whose method may still have to be chosen. */
export interface Asked extends Omit<Settings, "recipe"> {
  readonly recipe: Omit<Settings["recipe"], "method"> & {
    readonly method: Settings["recipe"]["method"] | "auto"
  }
}

/** First flag that applies only to other methods than the chosen one, if any. */
export const misfit = ({ effort, recipe }: Asked): Misfit | undefined => {
  const { base, groupSize, method } = recipe
  const perturbs = method !== "plain"
  const perturbing = "a --method other than plain"
  const rules: ReadonlyArray<
    readonly [isGiven: boolean, fits: boolean, flag: string, needs: string]
  > = [
    [recipe.radius !== undefined, perturbs, "radius", perturbing],
    [recipe.normalisation !== undefined, method === "unified", "normalisation", "--method unified"],
    [recipe.p !== undefined, method === "p-norm", "p", "--method p-norm"],
    [recipe.ascents !== undefined, perturbs, "ascents", perturbing],
    [groupSize !== undefined, perturbs, "group-size", perturbing],
    [recipe.every !== undefined, perturbs, "every", perturbing],
    [recipe.late !== undefined, perturbs, "late", perturbing],
    [recipe.ascents !== undefined, groupSize === undefined, "ascents", "no --group-size"],
    [
      recipe.momentum !== undefined,
      base === "momentum" || base === "nesterov",
      "momentum",
      "--base momentum or nesterov",
    ],
    [
      effort.validationFraction !== undefined,
      effort.patience !== undefined,
      "validation-fraction",
      "--patience",
    ],
  ]
  const found = rules.find(([isGiven, fits]) => isGiven && !fits)
  return found && new Misfit({ flag: found[2], needs: found[3] })
}

/** Refuses a network that is too large for its data. */
export const oversized = (
  { dimension, name, target }: Dataset.Dataset,
  shape: Settings["shape"],
): TooManyParameters | undefined => {
  if ("blocks" in shape) return undefined
  const { hidden } = shape
  const outputs = target._tag === "Classification" ? target.classes.length : 1
  const widths = [dimension, ...hidden, outputs]
  const parameters = widths.slice(1).reduce((sum, width, l) => sum + width * (widths[l]! + 1), 0)
  return parameters > mostParameters
    ? new TooManyParameters({ data: name, widths, parameters })
    : undefined
}

const rowsOf = ({ features, target }: Dataset.Dataset): TrainInput["data"]["train"] => ({
  features,
  target:
    target._tag === "Classification"
      ? { _tag: "Classes", labels: target.labels }
      : { _tag: "Values", values: target.values },
})

const weightsOf = (
  text: string,
  data: Dataset.Dataset,
): Result.Result<ReadonlyArray<number>, Misfit | WrongWeights> => {
  const { target } = data
  if (target._tag === "Regression") {
    return Result.fail(new Misfit({ flag: "class-weights", needs: "a target with classes" }))
  }
  const { classes } = target
  const refuse = (reason: string) => Result.fail(new WrongWeights({ reason, classes }))
  if (text === "balanced") {
    const counts = Dataset.classCounts(data as Dataset.Dataset<typeof target>)
    return Result.succeed(Array.from(counts, (count) => data.samples / Math.max(1, count)))
  }
  const weights = new Map<string, number>()
  for (const pair of text.split(",")) {
    const at = pair.lastIndexOf("=")
    const [name, weight] = [pair.slice(0, at).trim(), Number(pair.slice(at + 1))]
    if (at < 1 || !(weight > 0) || !Number.isFinite(weight))
      return refuse(`"${pair}" is not a class weight`)
    if (!classes.includes(name)) return refuse(`there is no class "${name}"`)
    weights.set(name, weight)
  }
  return Result.succeed(classes.map((name) => weights.get(name) ?? 1))
}

/** Rows of a training part used for training, and those used for early stopping. */
const watched = (
  { train }: Prepared.Prepared,
  { effort }: Settings,
): Result.Result<
  { readonly train: Dataset.Dataset; readonly validation?: Dataset.Dataset },
  Split.InvalidSplit
> => {
  const { patience, seed, validationFraction: testFraction = 0.1 } = effort
  if (patience === undefined) return Result.succeed({ train })
  return Result.map(
    Split.partition(train, { testFraction, seed: Seed.root(seed).child("validation") }),
    (places) => ({
      train: Dataset.subset(train, places.train),
      validation: Dataset.subset(train, places.test),
    }),
  )
}

/**
 * The input of a training on prepared data. Fails with WrongWeights, and with Misfit if too few rows remain for validation.
 */
export const inputOf = Effect.fnUntraced(function* (data: Prepared.Prepared, settings: Settings) {
  const { effort, recipe, shape, start } = settings
  const { classWeights, patience, validationFraction: _fraction, ...rest } = effort
  const { train, validation } = yield* Effect.fromResult(watched(data, settings)).pipe(
    Effect.mapError(
      ({ samples }) =>
        new Misfit({
          flag: "patience",
          needs: `validation rows: this fraction of ${samples} training rows is none or all; use another --validation-fraction`,
        }),
    ),
  )
  const weights =
    classWeights === undefined
      ? undefined
      : yield* Effect.fromResult(weightsOf(classWeights, train))
  return {
    ...rest,
    data: {
      dimension: train.dimension,
      classes: train.target._tag === "Classification" ? train.target.classes.length : undefined,
      train: rowsOf(train),
      test: rowsOf(data.test),
      ...(validation && { validation: rowsOf(validation) }),
      ...(weights && { classWeights: weights }),
    },
    shape,
    ...(start !== undefined && { start }),
    recipe,
    ...(patience !== undefined && { patience }),
  }
})
