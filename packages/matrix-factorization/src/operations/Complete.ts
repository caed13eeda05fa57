import { Float64s, Uint32s } from "@nonconvex/problems/Fields"
import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seed from "@nonconvex/numerics/Seed"
import { Schema } from "effect"
import { kinds, type Model, weightings } from "../completion/Models.ts"
import { chooseModel, type CompletedTable } from "../completion/MatrixCompletion.ts"
import { columnKinds } from "../completion/ColumnKinds.ts"
import { methods } from "../completion/CellPredictors.ts"
import {
  type Fit,
  fitTable as fitOne,
  imputeColumns as impute,
  type ImputedTable,
  type Table,
} from "../index.ts"
import { type Validation } from "../completion/Search.ts"

export const Observed: Schema.Codec<Table, unknown> = Schema.Struct({
  rows: Schema.Number,
  columns: Schema.Number,
  rowOf: Uint32s,
  columnOf: Uint32s,
  values: Float64s,
  confidence: Schema.optionalKey(Float64s),
})

/** See `Model`. */
export const CompletionModel: Schema.Codec<Model, unknown> = Schema.Struct({
  kind: Schema.Literals(kinds),
  rank: Schema.Int,
  penalty: Schema.Number,
  weighting: Schema.Literals(weightings),
  ridge: Schema.Tuple([Schema.Number, Schema.Number]),
})

const Judged = { model: CompletionModel, error: Schema.Number, standardError: Schema.Number }

const Validated: Schema.Codec<Validation, unknown> = Schema.Struct({
  ...Judged,
  compared: Schema.Array(Schema.Struct(Judged)),
  folds: Schema.Int,
  candidates: Schema.Int,
})

export const Fitted: Schema.Codec<Fit, unknown> = Schema.Struct({
  model: CompletionModel,
  mean: Schema.Number,
  rowEffects: Float64s,
  columnEffects: Float64s,
  rank: Schema.Int,
  left: Float64s,
  right: Float64s,
  singularValues: Float64s,
  traceNorm: Schema.Number,
  relativeGap: Schema.Number,
  status: Schema.Literals(["certified", "limited", "budget"]),
  unit: Schema.Number,
  observationsPerRow: Schema.Number,
  bounds: Schema.optionalKey(Schema.Tuple([Schema.Number, Schema.Number])),
})

const Output: Schema.Codec<CompletedTable, unknown> = Schema.Struct({
  fit: Fitted,
  validation: Validated,
})

/** Progress of a completion after each fit: the number of fits, and the current choice, which is final before the last fit. */
const CompleteProgress = Schema.Struct({
  fits: Schema.Int,
  soFar: Validated,
  isFinal: Schema.Boolean,
})
export type CompleteProgress = typeof CompleteProgress.Type

export const CompleteFailure = Schema.Union([InvalidInput, ArenaFull])
export type CompleteFailure = typeof CompleteFailure.Type

export const CompleteOptions = {
  /** See `completeTable`. */
  folds: Schema.optionalKey(Schema.Int),
  rank: Schema.optionalKey(Schema.Int),
  /** Root of the split into folds; default 1. */
  seed: Schema.optionalKey(Schema.Int),
}
export type CompleteOptions = Schema.Struct<typeof CompleteOptions>["Type"]

export const seeded = (seed = 1) => Seed.root(seed).child("complete")

/** Completes a table with missing entries; see `completeTable`. */
export const complete = operation({
  id: "matrix-factorization/complete",
  input: Schema.Struct({ table: Observed, ...CompleteOptions }),
  output: Output,
  failure: CompleteFailure,
  progress: CompleteProgress,
  run: ({ seed, table, ...options }, { kernels, report }) => {
    let fits = 0
    const given = { kernels, seed: seeded(seed) }
    const validation = chooseModel(table, {
      ...options,
      ...given,
      onFit: (soFar) => report({ fits: ++fits, soFar, isFinal: false }),
    })
    report({ fits: ++fits, soFar: validation, isFinal: true })
    return { fit: fitOne(table, validation.model, given), validation }
  },
})

/** See `ImputedTable`. */
export const ImputedColumn = Schema.Struct({
  kind: Schema.Literals(columnKinds),
  by: Schema.Array(Schema.Struct({ method: Schema.Literals(methods), weight: Schema.Number })),
  error: Schema.optionalKey(Schema.Number),
  standardError: Schema.optionalKey(Schema.Number),
  meanError: Schema.optionalKey(Schema.Number),
  heldOut: Schema.Int,
})

const Imputed: Schema.Codec<ImputedTable, unknown> = Schema.Struct({
  columns: Schema.Array(ImputedColumn),
  filled: Float64s,
  relative: Schema.Struct({ combined: Schema.Number, lowRank: Schema.Number }),
  folds: Schema.Int,
})

/** Fills a table column by column; see `imputeColumns`. */
export const imputeColumns = operation({
  id: "matrix-factorization/impute-columns",
  input: Schema.Struct({
    table: Observed,
    /** Columns of categories, with their numbers of levels. */
    levels: Schema.Array(Schema.Tuple([Schema.Int, Schema.Int])),
    /** A model of low rank that takes part. */
    lowRank: Schema.optionalKey(CompletionModel),
    folds: CompleteOptions.folds,
    seed: CompleteOptions.seed,
  }),
  output: Imputed,
  failure: CompleteFailure,
  progress: Schema.Struct({ done: Schema.Int, of: Schema.Int }),
  run: ({ levels, seed, table, ...options }, { kernels, report }) =>
    impute(table, {
      ...options,
      levels: new Map(levels),
      kernels,
      seed: seeded(seed),
      onFold: (done, of) => report({ done, of }),
    }),
})

/** Fits one model of a table: see `fitTable`. */
export const fitTable = operation({
  id: "matrix-factorization/fit-table",
  input: Schema.Struct({ table: Observed, model: CompletionModel, seed: CompleteOptions.seed }),
  output: Fitted,
  failure: CompleteFailure,
  progress: Schema.Never,
  run: ({ model, seed, table }, { kernels }) =>
    fitOne(table, model, { kernels, seed: seeded(seed) }),
})
