import { Schema } from "effect"

/** Some row or column directions of the matrix are not measured, so nothing is known about them. */
export class UnseenDirections extends Schema.TaggedError<UnseenDirections>()("UnseenDirections", {
  /** Dimensions of the null spaces of `B_1 = (1/n) sum A_i A_i'` (rows) and `B_2 = (1/n) sum A_i' A_i` (columns). */
  rows: Schema.Int,
  columns: Schema.Int,
}) {
  override get message(): string {
    return `the measurements do not see ${this.rows} row and ${this.columns} column directions of the matrix; remove these directions, or measure them`
  }
}
