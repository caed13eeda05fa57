/** Refusals of a table that a completion has nothing to do for, or nothing to do it with. */
import { asTriplets } from "@nonconvex/datasets/EntriesFile"
import { Schema } from "effect"

/** Every entry is observed. */
export class NoHole extends Schema.TaggedError<NoHole>()("NoHole", {
  path: Schema.String,
  form: Schema.Literals(["matrix", "triplets"]),
  rows: Schema.Int,
  columns: Schema.Int,
  /** True if the file could hold triplets but was read as a matrix. */
  perhapsTriplets: Schema.Boolean,
}) {
  override get message(): string {
    const read = this.form === "matrix" ? "a matrix" : "triplets"
    const holes =
      this.form === "matrix"
        ? "missing values are empty cells, NA, NaN or ?"
        : "an entry without a line is a missing value"
    const other = this.perhapsTriplets ? `; ${asTriplets} need --triplets` : ""
    return `${this.path}: as ${read} of ${this.rows} x ${this.columns} it has no missing value, so there is nothing to fill; ${holes}${other}`
  }
}

/** A table without a single value has nothing to be filled from. */
export class NothingObserved extends Schema.TaggedError<NothingObserved>()("NothingObserved", {
  path: Schema.String,
  observations: Schema.Int,
}) {
  override get message(): string {
    return `${this.path}: ${this.observations === 0 ? "no observation" : "only one observation"}; at least two are needed`
  }
}
