/** What can be wrong with a design, as typed errors. */
import { Schema } from "effect"

/** Some rows or columns of the matrix are not measured at all, so that nothing can be said of them. */
export class UnseenDirections extends Schema.TaggedError<UnseenDirections>()("UnseenDirections", {
  /** Dimensions of the null spaces of B_1 (rows) and B_2 (columns). */
  rows: Schema.Int,
  columns: Schema.Int,
}) {
  override get message(): string {
    return `the measurements do not see ${this.rows} row and ${this.columns} column directions of the matrix; leave those out, or measure them`
  }
}

/** Rows or columns of a table without a single observation, by number from 0. */
export class Unobserved extends Schema.TaggedError<Unobserved>()("Unobserved", {
  rows: Schema.Array(Schema.Int),
  columns: Schema.Array(Schema.Int),
}) {
  override get message(): string {
    return `nothing is observed of rows [${this.rows.join(", ")}] and columns [${this.columns.join(", ")}]; leave those out`
  }
}
