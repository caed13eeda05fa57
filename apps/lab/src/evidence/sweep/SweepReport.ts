import { Sweep } from "@nonconvex/runner/sweep/Sweep"
import { Schema } from "effect"

const Settings = Schema.Record(Schema.String, Schema.Json)

/** What became of a trial. */
export const TrialReport = Schema.Struct({
  /** The id of its run; absent where none is kept. */
  run: Schema.optionalKey(Schema.String),
  /** The settings that vary, and with halving the budget. */
  settings: Settings,
  seed: Schema.Int,
  /** `reused`: it was in the store. */
  status: Schema.Literals(["done", "reused", "failed"]),
  /** Absent of one that failed, and where no metric was asked for. */
  metric: Schema.optionalKey(Schema.Number),
  /** What keeps the metric from being a number, or from being of all rows that fit. */
  note: Schema.optionalKey(Schema.String),
  /** How many expectations it showed, and how many there are, without regressions; absent of one that failed. */
  expectations: Schema.optionalKey(Schema.Struct({ held: Schema.Int, of: Schema.Int })),
  /** How many regressions hold, and how many there are: comparisons with numbers of before. Absent where there are none. */
  regressions: Schema.optionalKey(Schema.Struct({ held: Schema.Int, of: Schema.Int })),
  /** Of the work, without waiting; absent of one that failed. */
  seconds: Schema.optionalKey(Schema.Finite),
  /** Why it failed. */
  reason: Schema.optionalKey(Schema.String),
})
export type TrialReport = typeof TrialReport.Type

/** The metric of a configuration over its seeds. */
export const Candidate = Schema.Struct({
  settings: Settings,
  /** Trials that have a number. */
  seeds: Schema.Int,
  mean: Schema.Number,
  /** The standard deviation over seeds; absent of fewer than two. */
  sd: Schema.optionalKey(Schema.Number),
})
export type Candidate = typeof Candidate.Type

/** What `sweep --json` prints. */
export const SweepReport = Schema.Struct({
  /** SHA-256 of what was asked for; `nonconvex runs --where` finds the runs by it. */
  id: Schema.String,
  sweep: Sweep,
  trials: Schema.Array(TrialReport),
  reused: Schema.Int,
  failed: Schema.Int,
  /** The configurations by their metric, the best first; with halving those of the last rung. None where no metric was asked for. */
  candidates: Schema.Array(Candidate),
})
export type SweepReport = typeof SweepReport.Type
