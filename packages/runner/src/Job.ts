/** Protocol of a thread: requests and answers as schemas. */
import { DataRead } from "@nonconvex/datasets/Datasets"
import { Attempt, Recalled, Search } from "@nonconvex/evidence/Attempt"
import type { Row } from "@nonconvex/evidence/Experiment"
import { Schema } from "effect"
import { JobFailure } from "./JobFailure.ts"
import { Checkpoint } from "./Checkpoint.ts"

/** System identified by its package, version and id; `module` is its location on this machine. */
const SystemRef = Schema.Struct({
  package: Schema.String,
  version: Schema.String,
  id: Schema.String,
  module: Schema.String,
})
type SystemRef = typeof SystemRef.Type

const subject = { system: SystemRef, id: Schema.String }

/** One search of a plan, in the instances of a claim or of its named control. */
export const SearchClaim = Schema.TaggedStruct("SearchClaim", {
  ...subject,
  control: Schema.optionalKey(Schema.String),
  search: Search,
})

/** The search for the counterexample of an erratum. */
export const SearchErratum = Schema.TaggedStruct("SearchErratum", { ...subject, search: Search })

/** The instance of a replay token, and its margin. */
const Recall = Schema.TaggedStruct("Recall", {
  ...subject,
  control: Schema.optionalKey(Schema.String),
  seed: Schema.Int,
  path: Schema.String,
})

/** The rows of one case of an experiment. */
export const RunCase = Schema.TaggedStruct("RunCase", {
  ...subject,
  config: Schema.Json,
  case: Schema.Int,
  seed: Schema.Int,
  /** Saved state of an earlier attempt, and the seconds of work between two saves, for a resumable experiment. */
  resuming: Schema.optionalKey(
    Schema.Struct({ from: Schema.optionalKey(Checkpoint), every: Schema.Finite }),
  ),
})

/** An operation of a system on an input that is encoded by the schema of the operation. */
const Operate = Schema.TaggedStruct("Operate", { ...subject, input: Schema.Unknown })

export const Job = Schema.Union([SearchClaim, SearchErratum, Recall, RunCase, Operate])
export type Job = typeof Job.Type

/** Several short cases of one experiment, since a message for each would take longer than the cases. */
export const Batch = Schema.TaggedStruct("Batch", {
  ...subject,
  cases: Schema.Array(Schema.Struct({ config: Schema.Json, case: Schema.Int, seed: Schema.Int })),
})
export type Batch = typeof Batch.Type

/** Message to a thread. */
export const Message = Schema.Union([...Job.members, Batch])
export type Message = typeof Message.Type

// `rowsOf` has checked each row against the columns of its table
const Rows = Schema.declare((value: unknown): value is ReadonlyArray<Row> => Array.isArray(value))

/** Progress of a job: runs that held and the worst margin, the saved state of a case, or the report of an operation. */
export const Progress = Schema.Union([
  Schema.TaggedStruct("Saved", { checkpoint: Checkpoint }),
  Schema.TaggedStruct("Runs", { runs: Schema.Int, worst: Schema.Number }),
  Schema.TaggedStruct("Reported", { progress: Schema.Unknown }),
])
export type Progress = typeof Progress.Type

const worked = {
  /** Duration of the work itself, without waiting and thread start. */
  seconds: Schema.Finite,
}

/** Result of a job. */
export const Result = Schema.Union([
  Schema.TaggedStruct("Searched", { ...worked, attempt: Attempt }),
  Schema.TaggedStruct("Recalled", { ...worked, recalled: Recalled }),
  Schema.TaggedStruct("Rows", {
    ...worked,
    rows: Rows,
    /** Data sets that were read for them; absent if there were none. */
    data: Schema.optionalKey(Schema.Array(DataRead)),
  }),
  Schema.TaggedStruct("Operated", { ...worked, output: Schema.Unknown }),
])
export type Result = typeof Result.Type

/** End of a job. */
export const Ended = Schema.Union([
  Schema.TaggedStruct("Succeeded", { result: Result }),
  Schema.TaggedStruct("Failed", { failure: JobFailure }),
])
export type Ended = typeof Ended.Type

/**
 * Answer of a thread: any number of progress reports, then the end of the job, or of each case of a batch. A batch ends
 * early after a case that may have corrupted its thread.
 */
export const Reply = Schema.Union([
  Schema.TaggedStruct("Progressed", { progress: Progress }),
  Schema.TaggedStruct("Batched", { ended: Schema.Array(Ended), isLast: Schema.Boolean }),
  ...Ended.members,
])
export type Reply = typeof Reply.Type

/**
 * Reply as sent between threads: the schema encodes only its errors, which would otherwise lose their class. Input and
 * output of an operation have their own schemas, and are not checked twice.
 */
export type Crossing = typeof Reply.Encoded

/** Memory that a reply transfers to the other thread: the margins of a search, which are not shared. */
export const givenAway = (reply: Crossing): ReadonlyArray<ArrayBufferLike> =>
  reply._tag === "Succeeded" && reply.result._tag === "Searched"
    ? [reply.result.attempt.margins.buffer]
    : []

/** End of a job, as a message. */
export const crossing = (ended: Ended): typeof Ended.Encoded =>
  ended._tag === "Succeeded"
    ? ended
    : { _tag: "Failed", failure: Schema.encodeSync(JobFailure)(ended.failure) }

const arrivedEnded = (ended: typeof Ended.Encoded): Ended =>
  ended._tag === "Succeeded"
    ? ended
    : { _tag: "Failed", failure: Schema.decodeSync(JobFailure)(ended.failure) }

/** A reply that has crossed a thread. */
export const arrived = (reply: Crossing): Reply => {
  switch (reply._tag) {
    case "Progressed":
      return reply
    case "Batched":
      return { ...reply, ended: reply.ended.map(arrivedEnded) }
    default:
      return arrivedEnded(reply)
  }
}
