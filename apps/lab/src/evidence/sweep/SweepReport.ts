import { Sweep } from "@nonconvex/runner/sweep/Sweep"
import { Schema } from "effect"

const Settings = Schema.Record(Schema.String, Schema.Json)

/** Report of a trial. */
export const TrialReport = Schema.Struct({
  /** Run id; absent if not stored. */
  run: Schema.optionalKey(Schema.String),
  /** The settings that vary, and with halving the budget. */
  settings: Settings,
  seed: Schema.Int,
  /** `reused`: it was in the store. `pruned`: it was ended early. */
  status: Schema.Literals(["done", "reused", "failed", "pruned"]),
  /** Absent for a trial that failed or was pruned, and if no metric was requested. */
  metric: Schema.optionalKey(Schema.Number),
  /** Reason for a metric without a number, or with omitted rows. */
  note: Schema.optionalKey(Schema.String),
  /** Number of expectations that held, and of all, without regressions; absent for a failed trial. */
  expectations: Schema.optionalKey(Schema.Struct({ held: Schema.Int, of: Schema.Int })),
  /** Number of regression checks that hold, and of all; they compare with earlier results. Absent if there are none. */
  regressions: Schema.optionalKey(Schema.Struct({ held: Schema.Int, of: Schema.Int })),
  /** Duration of the work, without waiting; absent for a failed trial. */
  seconds: Schema.optionalKey(Schema.Finite),
  /** Reason for the failure, or for ending it early. */
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

/** JSON of `sweep`. */
export const SweepReport = Schema.Struct({
  /** SHA-256 of the specification; `nonconvex runs --where` finds the runs by it. */
  id: Schema.String,
  sweep: Sweep,
  /** The part of the sweep that these trials are; absent if they are all. */
  shard: Schema.optionalKey(Schema.Struct({ shard: Schema.Int, shards: Schema.Int })),
  trials: Schema.Array(TrialReport),
  reused: Schema.Int,
  failed: Schema.Int,
  /** Absent if none was ended early. */
  pruned: Schema.optionalKey(Schema.Int),
  /** Configurations of which no trial was pruned, by their metric, best first; with halving, those of the last rung. Empty without a metric, or for a shard. */
  candidates: Schema.Array(Candidate),
})
export type SweepReport = typeof SweepReport.Type
