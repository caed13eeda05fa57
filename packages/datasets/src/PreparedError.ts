/** Errors when preparing data for a network, in addition to those of readers. */
import { listOf, quote } from "./Quote.ts"
import { Schema } from "effect"
import type { CsvError } from "./CsvError.ts"
import type { LoadError } from "./Catalogue.ts"
import type { InvalidSplit } from "./Split.ts"

/** A file needs the name of its target column. */
export class TargetMissing extends Schema.TaggedError<TargetMissing>()("TargetMissing", {
  path: Schema.String,
  available: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `${this.path}: no target; name its column with --target; the header has ${listOf(this.available)}`
  }
}

/** No row has a target. */
export class TargetEmpty extends Schema.TaggedError<TargetEmpty>()("TargetEmpty", {
  path: Schema.String,
  column: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: column ${quote(this.column)} is empty in every row; choose another target`
  }
}

/** Numbers whose squares have no finite sum. */
export class TooLarge extends Schema.TaggedError<TooLarge>()("TooLarge", {
  path: Schema.String,
  column: Schema.String,
  largest: Schema.Number,
}) {
  override get message(): string {
    return `${this.path}: column ${quote(this.column)}: numbers up to ${this.largest} overflow double precision when scaled; write them in larger units`
  }
}

/** The target is the same number in every row. */
export class ConstantTarget extends Schema.TaggedError<ConstantTarget>()("ConstantTarget", {
  path: Schema.String,
  column: Schema.String,
  value: Schema.Number,
}) {
  override get message(): string {
    return `${this.path}: column ${quote(this.column)} is ${this.value} in every row, so there is nothing to predict; choose another target`
  }
}

/** Neither a file nor a bundled set has this name. */
export class NoSuchData extends Schema.TaggedError<NoSuchData>()("NoSuchData", {
  name: Schema.String,
  available: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `${this.name}: no such file, and no bundled data set has this name; choose one of ${this.available.join(", ")}`
  }
}

/** Errors when reading a data set, splitting it and scaling it. */
export type PreparedError =
  | CsvError
  | LoadError
  | InvalidSplit
  | TargetMissing
  | TargetEmpty
  | TooLarge
  | ConstantTarget
  | NoSuchData
