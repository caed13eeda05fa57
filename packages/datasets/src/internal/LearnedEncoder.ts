/** Learned encoding of columns, as data. */
import { Schema } from "effect"

const Word = Schema.String

/** Encoding of one column as features. */
export const Encoded = Schema.Union([
  Schema.TaggedStruct("Number", {
    column: Schema.String,
    /** Imputed value of a missing number: the median of the training rows. */
    fill: Schema.Finite,
    /** True if a second feature marks missing values by 1. */
    marksMissing: Schema.Boolean,
  }),
  /** One feature per category, 1 in its rows and 0 elsewhere; all are 0 for an unknown word. */
  Schema.TaggedStruct("OneHot", {
    column: Schema.String,
    categories: Schema.NonEmptyArray(Word),
    /** The most frequent category, imputed unless missing values are marked. */
    fill: Word,
    marksMissing: Schema.Boolean,
  }),
  /** The place of the word in an order, from 0. */
  Schema.TaggedStruct("Ordinal", {
    column: Schema.String,
    order: Schema.NonEmptyArray(Word),
    /** The median rank of the training rows, imputed for missing and unknown words. */
    fill: Schema.Finite,
    marksMissing: Schema.Boolean,
  }),
])

export type Encoded = typeof Encoded.Type

/** A column that is uninformative about the target, and the reason. */
export interface LeftOut {
  readonly column: string
  readonly because: "constant" | "dates" | "empty" | "identifier" | "row number" | "text"
}

export interface Learned {
  readonly encoder: ReadonlyArray<Encoded>
  readonly leftOut: ReadonlyArray<LeftOut>
  /** Different words of the training rows by column, where there are more than have a feature. */
  readonly pooled: ReadonlyMap<string, number>
  /** Missing cells of the training rows by column, where there are some. */
  readonly missing: ReadonlyMap<string, number>
}

export interface LearnOptions {
  /** Orders of words by column. */
  readonly ordinal?: ReadonlyMap<string, readonly [string, ...string[]]>
  /** Columns that are kept whatever their content. */
  readonly keep?: ReadonlySet<string>
}

/** A feature, and whether it has a unit; without a unit, 0 and 1 mean no and yes. */
export interface Feature {
  readonly name: string
  readonly hasUnit: boolean
}
