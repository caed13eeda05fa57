import { Schema } from "effect"
import { Expectation } from "./Expectation.ts"
import { Source } from "./Source.ts"
import { Verdict } from "./Verdict.ts"

const Cell = Schema.Union([Schema.Number, Schema.String, Schema.Boolean])

/** One experiment, run: its configuration, its table, its figures and what was expected of them. */
export const ExperimentResult = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  question: Schema.String,
  source: Source,
  seed: Schema.Int,
  config: Schema.Json,
  rows: Schema.Array(Schema.Record(Schema.String, Cell)),
  figures: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      title: Schema.String,
      caption: Schema.String,
      spec: Schema.Json,
    }),
  ),
  expectations: Schema.Array(Expectation),
  seconds: Schema.Finite,
})
export type ExperimentResult = typeof ExperimentResult.Type

/** What a system's claims and experiments came to. */
export const SystemReport = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  paper: Schema.Struct({
    title: Schema.String,
    authors: Schema.String,
    venue: Schema.String,
    year: Schema.Int,
    arxiv: Schema.String,
  }),
  verdicts: Schema.Array(Verdict),
  experiments: Schema.Array(ExperimentResult),
})
export type SystemReport = typeof SystemReport.Type
