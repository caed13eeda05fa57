/** Reasons for a job without a result, as schemas: they cross threads. */
import { CaseFailed } from "@nonconvex/evidence/Experiment"
import { StaleReplayToken, UnknownControl } from "@nonconvex/evidence/Replay"
import { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import { Runtime, Schema } from "effect"

/** A thread ended during a job, or its pool was closed. */
export class ThreadEnded extends Schema.TaggedError<ThreadEnded>()("ThreadEnded", {
  job: Schema.String,
  reason: Schema.String,
}) {
  override get [Runtime.errorExitCode](): number {
    return 3
  }

  override get message(): string {
    return `${this.job} failed: ${this.reason}`
  }
}

/** Another thread cannot recreate this claim, experiment or operation, so its work must stay on its own thread. */
export class NotPortable extends Schema.TaggedError<NotPortable>()("NotPortable", {
  subject: Schema.String,
  reason: Schema.String,
}) {
  override get [Runtime.errorExitCode](): number {
    return 3
  }

  override get message(): string {
    return `${this.subject} cannot be sent to another thread: ${this.reason}; export its system as \`system\` from the module that it names (\`module: import.meta.url\`), or compute on this thread (Inline.layer)`
  }
}

/** The module of a system does not match the job: it has another version, or lacks the named item. */
export class WrongSystem extends Schema.TaggedError<WrongSystem>()("WrongSystem", {
  module: Schema.String,
  reason: Schema.String,
}) {
  override get [Runtime.errorExitCode](): number {
    return 3
  }

  override get message(): string {
    return `${this.module} ${this.reason}`
  }
}

/** An operation threw an error that its `failure` describes, here encoded. */
export class OperationFailed extends Schema.TaggedError<OperationFailed>()("OperationFailed", {
  operation: Schema.String,
  error: Schema.Unknown,
}) {
  override get message(): string {
    return `${this.operation} failed`
  }
}

/** A job threw an unexpected error: the program has a bug. */
export class JobCrashed extends Schema.TaggedError<JobCrashed>()("JobCrashed", {
  job: Schema.String,
  reason: Schema.String,
}) {
  override get [Runtime.errorExitCode](): number {
    return 3
  }

  override get message(): string {
    return `${this.job} failed: ${this.reason}`
  }
}

/** Reason for a job without a result. */
export const JobFailure = Schema.Union([
  ThreadEnded,
  NotPortable,
  WrongSystem,
  CaseFailed,
  OperationFailed,
  UnknownControl,
  StaleReplayToken,
  BackendUnavailable,
  JobCrashed,
])
export type JobFailure = typeof JobFailure.Type
