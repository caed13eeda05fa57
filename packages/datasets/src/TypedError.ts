/** Errors of a table in a typed file. */
import { Schema } from "effect"
import { quote } from "./Quote.ts"

/** A Parquet or Arrow file that is broken, or has unsupported content. */
export class UnreadableTable extends Schema.TaggedError<UnreadableTable>()("UnreadableTable", {
  path: Schema.String,
  /** Column of the error, if it concerns one. */
  column: Schema.optionalKey(Schema.String),
  reason: Schema.String,
  remedy: Schema.String,
}) {
  override get message(): string {
    const place = this.column === undefined ? "" : `column ${quote(this.column)}: `
    return `${this.path}: ${place}${this.reason}; ${this.remedy}`
  }
}
