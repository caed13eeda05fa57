import { Float64s, Uint32s } from "@nonconvex/problems/Fields"
import { operation } from "@nonconvex/problems/Operation"
import { Schema } from "effect"
import {
  chooseImplicit as choose,
  type CountedLists,
  type ImplicitChoice,
  type ImplicitFit,
  type ImplicitModel as Model,
  type Lists,
  type RankingEvidence,
  type RatedLists,
  recommend as recommendRated,
  recommendImplicit as recommendCounted,
} from "../index.ts"
import { CompleteFailure, CompleteOptions, Fitted, Observed, seeded } from "./Complete.ts"

/** See `ImplicitModel`. */
export const ImplicitModel: Schema.Codec<Model, unknown> = Schema.Struct({
  rank: Schema.Int,
  alpha: Schema.Number,
  penalty: Schema.Number,
})

const Measured = Schema.Struct({ mean: Schema.Number, standardError: Schema.Number })
const Pair = Schema.Struct({ model: Measured, baseline: Measured })

/** See `RankingEvidence`. */
export const Ranked: Schema.Codec<RankingEvidence, unknown> = Schema.Struct({
  rows: Schema.Int,
  ndcg: Pair,
  precision: Pair,
  gain: Measured,
})

const Listed: Schema.Codec<Lists, unknown> = Schema.Struct({
  rows: Uint32s,
  starts: Uint32s,
  columnOf: Uint32s,
  values: Float64s,
})

const Rated: Schema.Codec<RatedLists, unknown> = Schema.Struct({
  lists: Listed,
  found: Schema.optionalKey(Ranked),
  ordered: Schema.optionalKey(Ranked),
})

const Factors: Schema.Codec<ImplicitFit, unknown> = Schema.Struct({
  model: ImplicitModel,
  left: Float64s,
  right: Float64s,
  objective: Schema.Number,
  decrease: Schema.Number,
  sweeps: Schema.Int,
  status: Schema.Literals(["converged", "limited"]),
})

const Counted: Schema.Codec<CountedLists, unknown> = Schema.Struct({
  fit: Factors,
  lists: Listed,
  found: Schema.optionalKey(Ranked),
})

const Choice: Schema.Codec<ImplicitChoice, unknown> = Schema.Struct({
  model: ImplicitModel,
  ndcg: Schema.Number,
  standardError: Schema.Number,
  candidates: Schema.Int,
})

const Asked = { top: Schema.Int, rows: Uint32s, seed: CompleteOptions.seed }

/** Lists the best columns of some rows by a fit; see `recommend`. */
export const recommend = operation({
  id: "matrix-factorization/recommend",
  input: Schema.Struct({ table: Observed, fit: Fitted, ...Asked }),
  output: Rated,
  failure: CompleteFailure,
  progress: Schema.Never,
  run: ({ fit, rows, seed, table, top }, { kernels }) =>
    recommendRated(table, fit, { top, rows, kernels, seed: seeded(seed) }),
})

/** Chooses a model of counts; see `chooseImplicit`. */
export const chooseImplicit = operation({
  id: "matrix-factorization/choose-implicit",
  input: Schema.Struct({
    table: Observed,
    top: Schema.Int,
    rank: CompleteOptions.rank,
    seed: CompleteOptions.seed,
  }),
  output: Choice,
  failure: CompleteFailure,
  progress: Choice,
  run: ({ seed, table, ...options }, { kernels, report }) =>
    choose(table, { ...options, kernels, seed: seeded(seed), onFit: report }),
})

/** Lists the best columns of some rows by a model of counts; see `recommendImplicit`. */
export const recommendImplicit = operation({
  id: "matrix-factorization/recommend-implicit",
  input: Schema.Struct({ table: Observed, model: ImplicitModel, ...Asked }),
  output: Counted,
  failure: CompleteFailure,
  progress: Schema.Never,
  run: ({ model, rows, seed, table, top }, { kernels }) =>
    recommendCounted(table, model, { top, rows, kernels, seed: seeded(seed) }),
})
