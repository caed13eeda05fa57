/** Errors of tables with missing entries, given as a matrix with holes or as triplets. */
import { quote } from "./Quote.ts"
import { Schema } from "effect"

/**
 * Triplets in the words of a message.
 *
 * @internal
 */
export const asTriplets = "lines of row, column and value"

/** Limits of a table of entries: the size of MovieLens 32M, and the maximum number of names in a map. */
export const most = { observations: 2 ** 25, names: 2 ** 24 - 1 } as const

/** More observations or names than allowed, reported before any computation. */
export class TooMany extends Schema.TaggedError<TooMany>()("TooMany", {
  path: Schema.String,
  of: Schema.Literals(["observations", "names of rows", "names of columns"]),
  most: Schema.Int,
}) {
  override get message(): string {
    return `${this.path}: more than ${this.most} ${this.of}, the limit of complete; use some of the rows or columns`
  }
}

/** A table of triplets has another number of columns. */
export class NoTriplets extends Schema.TaggedError<NoTriplets>()("NoTriplets", {
  path: Schema.String,
  columns: Schema.Int,
}) {
  override get message(): string {
    return `${this.path}: ${this.columns} columns, but triplets have three; name those of row, column and value, such as --columns user,item,rating or --columns 1,2,3`
  }
}

/** A single column cannot be completed. */
export class OneColumn extends Schema.TaggedError<OneColumn>()("OneColumn", {
  path: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: only one column; give a table of at least two, or another --delimiter`
  }
}

/** `--columns` does not name three columns. */
export class BadColumns extends Schema.TaggedError<BadColumns>()("BadColumns", {
  columns: Schema.String,
}) {
  override get message(): string {
    return `--columns ${this.columns}: name the three columns of row, column and value, such as --columns user,item,rating, or --columns 1,2,3 if the file has no header`
  }
}

/** Two triplets of the same entry. */
export class RepeatedEntry extends Schema.TaggedError<RepeatedEntry>()("RepeatedEntry", {
  path: Schema.String,
  row: Schema.String,
  column: Schema.String,
  lines: Schema.Tuple([Schema.Int, Schema.Int]),
}) {
  override get message(): string {
    return `${this.path}: rows ${this.lines.join(" and ")} both give the entry (${this.row}, ${this.column}); keep one of them, or their mean`
  }
}

/** A triplet without the name of its row or column. */
export class Nameless extends Schema.TaggedError<Nameless>()("Nameless", {
  path: Schema.String,
  line: Schema.Int,
  of: Schema.Literals(["row", "column"]),
}) {
  override get message(): string {
    return `${this.path}: row ${this.line}: the ${this.of} of this triplet has no name; name it, or remove the line`
  }
}

/** A weight that is not a number of at least 0. */
export class BadWeight extends Schema.TaggedError<BadWeight>()("BadWeight", {
  path: Schema.String,
  row: Schema.Int,
  column: Schema.String,
  cell: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: row ${this.row}, column ${quote(this.column)}: ${quote(this.cell)} is not a weight; write a number of at least 0 (0 for a missing value)`
  }
}

/** A table of weights is not of the entries of the table. */
export class OtherWeights extends Schema.TaggedError<OtherWeights>()("OtherWeights", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `--weights ${this.path}: ${this.reason}; give a table of the same rows and columns, or the name of a further column of the triplets`
  }
}
