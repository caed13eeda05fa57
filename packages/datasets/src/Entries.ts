/** Observed entries of a table, by row and column, from a matrix with missing values or a list of triplets. */
import { Schema } from "effect"

import { Format } from "./internal/Notation.ts"

/** Form of a file of entries, given or detected. */
export const Reading = Schema.Struct({
  form: Schema.Literals(["matrix", "triplets"]),
  /** True if the first line holds names. */
  header: Schema.Boolean,
  /** True if the first column holds names; triplets always have them. */
  rowNames: Schema.Boolean,
  /** Columns of the file that hold row, column and value of triplets, from 1. */
  columns: Schema.optionalKey(Schema.Array(Schema.Int)),
  /** Format of a binary file. */
  format: Schema.optionalKey(Format),
})
export type Reading = typeof Reading.Type

/** Places in a table, counted from 0: place i is in row `rowOf[i]` and column `columnOf[i]`. */
export interface Places {
  readonly rowOf: Uint32Array
  readonly columnOf: Uint32Array
}

/** Entries of a rows x columns table in coordinate form, each at most once. A message to a thread copies none of their arrays. */
interface Observed extends Places {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
  /** Weight of each entry, above 0; absent where all are equal. */
  readonly confidence?: Float64Array
}

/** Observed entries with the names of rows and columns. */
export interface Entries {
  readonly table: Observed
  readonly rowNames: ReadonlyArray<string>
  readonly columnNames: ReadonlyArray<string>
  /** Words of the columns that hold categories, by column; a value there is the place of a word, from 0. */
  readonly categories: ReadonlyMap<number, ReadonlyArray<string>>
  /** Entries without a value or with weight 0: those to be completed. */
  readonly asked: Places
  readonly read: Reading
}
