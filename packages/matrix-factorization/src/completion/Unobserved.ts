import { Schema } from "effect"

/** Some rows or columns of a table, by number from 0, have no observation, so that no method can fill them. */
export class Unobserved extends Schema.TaggedError<Unobserved>()("Unobserved", {
  rows: Schema.Array(Schema.Int),
  columns: Schema.Array(Schema.Int),
}) {
  override get message(): string {
    return `nothing is observed of rows [${this.rows.join(", ")}] and columns [${this.columns.join(", ")}]; leave those out`
  }
}
