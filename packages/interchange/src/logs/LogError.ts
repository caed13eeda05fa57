/** Errors when reading a log, with the file, the place and the next step. */
import { Schema } from "effect"

/** A file that begins like a log but does not continue as one. */
export class DamagedLog extends Schema.TaggedError<DamagedLog>()("DamagedLog", {
  path: Schema.String,
  /** Such as "byte 12" or "line 3"; empty if it is the whole file. */
  place: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return [this.path, this.place, this.reason].filter((part) => part !== "").join(": ")
  }
}

/** A file that is not a log. */
export class NotALog extends Schema.TaggedError<NotALog>()("NotALog", {
  path: Schema.String,
  /** Kind of the file, and the alternative. */
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}`
  }
}

/** Something exceeds its reading limit. */
export class LogTooLarge extends Schema.TaggedError<LogTooLarge>()("LogTooLarge", {
  path: Schema.String,
  /** Such as "bytes in line 3". */
  what: Schema.String,
  most: Schema.Int,
}) {
  override get message(): string {
    return `${this.path}: more than ${this.most} ${this.what}, the limit for a log; give a part of it`
  }
}

/** A database that is damaged, or locked by another program. */
export class UnreadableDatabase extends Schema.TaggedError<UnreadableDatabase>()(
  "UnreadableDatabase",
  { path: Schema.String, reason: Schema.String },
) {
  override get message(): string {
    return `${this.path}: ${this.reason}`
  }
}

/** There is no log at the path. */
export class NoLogs extends Schema.TaggedError<NoLogs>()("NoLogs", {
  path: Schema.String,
  /** Notes on other content, such as symbolic links that were not followed. */
  notes: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const besides = this.notes.length === 0 ? "" : ` (${this.notes.join("; ")})`
    return `${this.path}: this folder has no training log${besides}; name a file, or a folder with event files, trainer_state.json, metrics.csv, JSON lines, Parquet or mlruns`
  }
}
