/** Errors of an archive, and of the arrays of NumPy in it, with the place and the next step. */
import { Schema } from "effect"
import { quote } from "./Quote.ts"
import type { FileError, TooManyBytes } from "./FileError.ts"

/** A zip archive that is broken, or holds more than may be unpacked. */
export class BadArchive extends Schema.TaggedError<BadArchive>()("BadArchive", {
  path: Schema.String,
  /** The member it is about; none where it is the archive. */
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

/** An array that is broken, or of a kind that is not read. */
export class BadArray extends Schema.TaggedError<BadArray>()("BadArray", {
  path: Schema.String,
  /** Its name in an archive. */
  array: Schema.optionalKey(Schema.String),
  reason: Schema.String,
  remedy: Schema.String,
}) {
  override get message(): string {
    const place = this.array === undefined ? "" : `array ${quote(this.array)}: `
    return `${this.path}: ${place}${this.reason}; ${this.remedy}`
  }
}

/** Errors of reading arrays. */
export type ArrayError = FileError | TooManyBytes | BadArchive | BadArray
