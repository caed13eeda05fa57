/** File of a completion model, which predicts further rows. It contains no row of the table to which it was fitted. */
import { listOf } from "@nonconvex/datasets/Quote"
import { type Fit, type RowModel, rowModel } from "@nonconvex/matrix-factorization"
import { Effect, Schema } from "effect"
import * as Json from "../../files/Json.ts"

const Numbers = Schema.Array(Schema.Finite)
const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
const NotNegative = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))
const mostRank = 1000

/** Training data of a model, and its error on entries that were held out. */
export const Made = Schema.Struct({
  version: Schema.String,
  data: Schema.String,
  rows: Schema.Int,
  observed: Schema.Int,
  error: NotNegative,
  standardError: NotNegative,
})

const Fields = Schema.Struct({
  format: Schema.Literal(1),
  kind: Schema.Literal("completion"),
  made: Made,
  /** The columns that it fills, in this order. */
  columnNames: Schema.Array(Schema.String),
  mean: Schema.Finite,
  columnEffects: Numbers,
  rank: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: mostRank })),
  /** columns x rank, row-major. */
  right: Numbers,
  /** Absent where rows have no effects. */
  ridge: Schema.optionalKey(NotNegative),
  shrinkage: NotNegative,
  weighting: Schema.Literals([0.5, 0, 1]),
  observationsPerRow: Positive,
  /** Mean weight of an entry in the unit of `--weights`; 1 without them. */
  meanWeight: Positive,
  bounds: Schema.optionalKey(Schema.Tuple([Schema.Finite, Schema.Finite])),
})

const inconsistency = ({
  columnEffects,
  columnNames,
  rank,
  right,
}: typeof Fields.Type): string | undefined => {
  const { length } = columnNames
  if (length === 0 || columnEffects.length !== length)
    return "different numbers of columns and effects"
  if (new Set(columnNames).size !== length) return "two columns with the same name"
  return right.length === length * rank
    ? undefined
    : "a number of factors that does not match its rank"
}

/** File of `complete --model`: version 1. */
export const CompletionFile = Fields.check(
  Schema.makeFilter((file: typeof Fields.Type) => {
    const found = inconsistency(file)
    return found === undefined ? undefined : `it has ${found}`
  }),
)
export type CompletionFile = typeof CompletionFile.Type

/** The file cannot be read, or is not a model that `complete` wrote. */
export class UnreadableCompletion extends Schema.TaggedError<UnreadableCompletion>()(
  "UnreadableCompletion",
  { path: Schema.String, reason: Schema.String },
) {
  override get message(): string {
    return `${this.path}: ${this.reason}; create one with nonconvex complete --model`
  }
}

/** Reads a file that `--model` wrote. Fails with UnreadableCompletion. */
export const read = Effect.fnUntraced(function* (path: string) {
  return yield* Json.read(path, Json.ofResults, Json.by(CompletionFile)).pipe(
    Effect.mapError(
      ({ of, reason }) =>
        new UnreadableCompletion({
          path,
          reason: of === "file" ? reason : `is not a model that this version reads (${reason})`,
        }),
    ),
  )
})

/** The file of a fit. */
export const make = (
  fit: Fit,
  columnNames: ReadonlyArray<string>,
  { made, meanWeight }: Pick<CompletionFile, "made" | "meanWeight">,
): CompletionFile => {
  const { columnEffects, ridge, right, ...model } = rowModel(fit)
  return {
    format: 1,
    kind: "completion",
    made,
    columnNames,
    ...model,
    columnEffects: Array.from(columnEffects),
    right: Array.from(right),
    ...(ridge !== Infinity && { ridge }),
    meanWeight,
  }
}

export const encode = (file: CompletionFile): string =>
  `${JSON.stringify(Schema.encodeSync(Schema.toCodecJson(CompletionFile))(file))}\n`

/** Rebuilds the model from its file. */
export const modelOf = ({
  columnEffects,
  ridge = Infinity,
  right,
  ...model
}: CompletionFile): RowModel => ({
  mean: model.mean,
  columnEffects: Float64Array.from(columnEffects),
  rank: model.rank,
  right: Float64Array.from(right),
  ridge,
  shrinkage: model.shrinkage,
  weighting: model.weighting,
  observationsPerRow: model.observationsPerRow,
  ...(model.bounds !== undefined && { bounds: model.bounds }),
})

/** New rows have a column that the model does not contain. */
export class UnknownColumns extends Schema.TaggedError<UnknownColumns>()("UnknownColumns", {
  path: Schema.String,
  columns: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const are = this.columns.length === 1 ? "is not a column" : "are not columns"
    return `${this.path}: ${listOf(this.columns)} ${are} of the model, which fills only the columns of its fit; remove the others, or fit a new model`
  }
}
