/** Errors of the column names of a log. */
import { listOf, quote } from "@nonconvex/datasets/Quote"
import { Schema } from "effect"

/** A column that a log needs is missing. */
export class NoColumn extends Schema.TaggedError<NoColumn>()("NoColumn", {
  path: Schema.String,
  column: Schema.String,
  flag: Schema.String,
  available: Schema.Array(Schema.String),
  /** True for a log of names and numbers without a header. */
  isLog: Schema.optional(Schema.Boolean),
}) {
  override get message(): string {
    const names = listOf(this.available)
    if (this.isLog === true) {
      const has = this.available.length === 0 ? "no numbers" : names
      return `${this.path}: no ${quote(this.column)}; the log has ${has}: name the right one with ${this.flag}`
    }
    if (this.column === "loss" && this.available.length > 1) {
      return `${this.path}: no column of losses; the header has ${names}: if one of them is the loss, name it with ${this.flag}`
    }
    return this.available.length === 1
      ? `${this.path}: the header has only ${names}: name the losses with --loss, or set the column separator with --delimiter`
      : `${this.path}: no column ${quote(this.column)}; the header has ${names}: name the right one with ${this.flag}`
  }
}

/** The first line has numbers, and no names of columns were given. */
export class NoHeader extends Schema.TaggedError<NoHeader>()("NoHeader", {
  path: Schema.String,
  /** A cell of the first line. */
  cell: Schema.String,
  /** Number of cells in the first line, if known. */
  cells: Schema.optional(Schema.Int),
}) {
  override get message(): string {
    const example = ["--columns loss", "--columns step,loss"][(this.cells ?? 3) - 1]
    return `${this.path}: its first line has numbers, such as ${quote(this.cell)}, so there is no header: name its columns in order, such as ${example ?? "--columns step,loss,lr"}`
  }
}

/** The given names of columns do not match the file. */
export class NotItsColumns extends Schema.TaggedError<NotItsColumns>()("NotItsColumns", {
  path: Schema.String,
  row: Schema.Int,
  names: Schema.Int,
  /** Cells of the row. */
  found: Schema.Int,
  /** A word in the first line, which makes it a header. */
  word: Schema.optional(Schema.String),
}) {
  override get message(): string {
    const place = `${this.path}: row ${this.row}`
    return this.word === undefined
      ? `${place}: --columns has ${this.names} names, but the row has ${this.found} cells: name all columns in order`
      : `${place}: its first line has names, such as ${quote(this.word)}: omit --columns, which is for files without a header; --loss, --step and the others name single columns`
  }
}

/** One column is named for two meanings. */
export class SameColumn extends Schema.TaggedError<SameColumn>()("SameColumn", {
  path: Schema.String,
  column: Schema.String,
  flags: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `${this.path}: column ${quote(this.column)} cannot be both ${this.flags.join(" and ")}: each needs a column of its own`
  }
}

/** Several columns may be the loss. */
export class SeveralLosses extends Schema.TaggedError<SeveralLosses>()("SeveralLosses", {
  path: Schema.String,
  columns: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `${this.path}: several columns may be the loss, ${listOf(this.columns)}: choose one with --loss ${quote(this.columns[0]!)}`
  }
}

/** Errors of column names. */
export type ColumnProblem = NoColumn | NoHeader | NotItsColumns | SameColumn | SeveralLosses
