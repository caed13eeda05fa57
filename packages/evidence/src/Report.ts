import { DataRead } from "@nonconvex/datasets/Datasets"
import { Schema } from "effect"
import { Expectation } from "./Expectation.ts"
import { outsideVocabulary } from "@nonconvex/figures"
import { Paper } from "./Paper.ts"
import { Source } from "./Source.ts"
import { Verdict } from "./Verdict.ts"

const Cell = Schema.Union([Schema.Number, Schema.String, Schema.Boolean])

/** Name that is safe as a file name, because a results file may be untrusted. */
const Kebab = Schema.String.check(
  Schema.isPattern(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  Schema.isMaxLength(100),
)

const Id = Schema.String.check(
  Schema.isPattern(/^[a-z0-9]+(?:-[a-z0-9]+)*\/[a-z0-9]+(?:-[a-z0-9]+)*$/),
  Schema.isMaxLength(200),
)

/** Figures or expectations of one experiment, at most; each is drawn or rendered. */
const atMost = Schema.isMaxLength(1000)

/** Specification of a figure that draws the table of its experiment, or its own rows. */
const Specification = Schema.Json.check(
  Schema.makeFilter((spec) => {
    const place = outsideVocabulary(spec)
    return place === undefined || `${place} is not allowed in a figure`
  }),
)

/** Result of one experiment: its configuration, its table, its figures and its expectations. */
export const ExperimentResult = Schema.Struct({
  id: Id,
  title: Schema.String,
  question: Schema.String,
  source: Source,
  /** Difference of its settings from those of the paper; absent if these are unknown, and in earlier results. */
  paperScale: Schema.optionalKey(Schema.String),
  /** Reason why the seed changes no row; absent if it matters. */
  deterministic: Schema.optionalKey(Schema.String),
  seed: Schema.Int,
  config: Schema.Json,
  rows: Schema.Array(Schema.Record(Schema.String, Cell)),
  figures: Schema.Array(
    Schema.Struct({
      id: Kebab,
      title: Schema.String,
      caption: Schema.String,
      spec: Specification,
    }),
  ).check(atMost),
  expectations: Schema.Array(Expectation).check(atMost),
  /** Duration of the work of all cases together, without waiting. */
  seconds: Schema.Finite,
  /** Data sets that were read, with their digests; absent for an experiment without data. */
  data: Schema.optionalKey(Schema.Array(DataRead)),
  /** Capabilities used, where a program reports them: the name of its kernels, and the folder of its data. */
  capabilities: Schema.optionalKey(
    Schema.Struct({ kernels: Schema.String, data: Schema.optionalKey(Schema.String) }),
  ),
})
export type ExperimentResult = typeof ExperimentResult.Type

/** Results of the claims and experiments of a system. */
export const SystemReport = Schema.Struct({
  id: Kebab,
  title: Schema.String,
  paper: Paper,
  verdicts: Schema.Array(Verdict),
  experiments: Schema.Array(ExperimentResult),
})
export type SystemReport = typeof SystemReport.Type
