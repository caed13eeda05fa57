/** Results of a reproduction as data: the file from which the page is generated. */
import { SystemReport } from "@nonconvex/evidence"
import { Schema } from "effect"
import { StudyReport } from "../study/StudyReport.ts"
import { Provenance } from "./Provenance.ts"

/** An experiment that ended without a result. */
export const Failure = Schema.Struct({
  system: Schema.String,
  experiment: Schema.String,
  reason: Schema.String,
})
export type Failure = typeof Failure.Type

/** Results of all systems, with the failures and the provenance. */
export const Results = Schema.Struct({
  format: Schema.Literal(1),
  provenance: Provenance,
  systems: Schema.Array(SystemReport),
  failures: Schema.Array(Failure),
  /** Studies as they are stored, with what they found; absent in earlier results. */
  studies: Schema.optionalKey(Schema.Array(StudyReport)),
})
export type Results = typeof Results.Type

const Text = Schema.fromJsonString(Schema.toCodecJson(Results))

export const encode = Schema.encodeEffect(Text)

export const decode = Schema.decodeUnknownEffect(Text)
