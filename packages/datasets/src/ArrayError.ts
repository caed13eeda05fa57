/** Errors of an archive and of its NumPy arrays, with the position and the next step. */
import { Schema } from "effect"
import { quote } from "./Quote.ts"
import type { FileError, TooManyBytes } from "./FileError.ts"

/** A zip archive that is corrupt, or exceeds the limits for unpacking. */
export class BadArchive extends Schema.TaggedError<BadArchive>()("BadArchive", {
  path: Schema.String,
  /** Member of the archive; absent if the error is about the archive itself. */
  member: Schema.optionalKey(Schema.String),
  /** Such as `it ends before its data are complete`. */
  reason: Schema.String,
  remedy: Schema.String,
}) {
  override get message(): string {
    const place = this.member === undefined ? "" : `member ${quote(this.member)}: `
    return `${this.path}: ${place}${this.reason}; ${this.remedy}`
  }
}

/** An array that is broken, or of an unsupported kind. */
export class BadArray extends Schema.TaggedError<BadArray>()("BadArray", {
  path: Schema.String,
  /** Name of the array in an archive. */
  array: Schema.optionalKey(Schema.String),
  reason: Schema.String,
  remedy: Schema.String,
}) {
  override get message(): string {
    const place = this.array === undefined ? "" : `array ${quote(this.array)}: `
    return `${this.path}: ${place}${this.reason}; ${this.remedy}`
  }
}

/** Errors when reading arrays. */
export type ArrayError = FileError | TooManyBytes | BadArchive | BadArray
