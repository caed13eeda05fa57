/** Counts of interactions, and the refusals of values that are none, or that may be. */
import type { Entries } from "@nonconvex/datasets/Entries"
import { quote } from "@nonconvex/datasets/Quote"
import { areCounts } from "@nonconvex/matrix-factorization"
import { Effect, Schema } from "effect"

/** A value that is no count. */
export class NotCount extends Schema.TaggedError<NotCount>()("NotCount", {
  path: Schema.String,
  row: Schema.String,
  column: Schema.String,
  value: Schema.Number,
}) {
  override get message(): string {
    const at = `row ${quote(this.row)}, column ${quote(this.column)}`
    return `${this.path}: ${at} has ${this.value}, and --implicit needs counts of at least 0; use --top alone for ratings and other values`
  }
}

/** Values that look like counts, where nothing says what they are. */
export class PerhapsCounts extends Schema.TaggedError<PerhapsCounts>()("PerhapsCounts", {
  path: Schema.String,
  /** Number of values, of ones among them, and the largest. */
  values: Schema.Int,
  ones: Schema.Int,
  largest: Schema.Number,
}) {
  override get message(): string {
    const many = this.ones === this.values ? "all" : `${this.ones} of ${this.values}`
    return `${this.path}: the values look like counts (${many} are 1, the largest is ${this.largest}); add --implicit if a missing pair means that nothing happened so far, or --no-implicit if they are ratings`
  }
}

/** No row has enough counts to hold some of them out. */
export class ShortRows extends Schema.TaggedError<ShortRows>()("ShortRows", {
  path: Schema.String,
  /** Counts above 0 of the longest row. */
  longest: Schema.Int,
}) {
  override get message(): string {
    return `${this.path}: no row has more than ${this.longest} counts above 0, and --implicit needs a row with ${fewestOfRow}, to hold some out; add events, or merge rows into groups`
  }
}

/** Counts of a row from which one can be held out to judge the model, and another to choose it. */
const fewestOfRow = 3

/** Fails with PerhapsCounts if the values look like counts. */
export const requireNone = Effect.fnUntraced(function* (path: string, { table }: Entries) {
  const { values } = table
  if (!areCounts(values)) return
  const ones = values.reduce((sum, value) => sum + Number(value === 1), 0)
  const largest = values.reduce((most, value) => Math.max(most, value), 0)
  return yield* new PerhapsCounts({ path, values: values.length, ones, largest })
})

/** The entries above 0, since a count of 0 tells as much as none. Fails with NotCount on a negative value, and with ShortRows. */
export const positive = Effect.fnUntraced(function* (path: string, entries: Entries) {
  const { columnNames, rowNames, table } = entries
  const { columnOf, rowOf, values } = table
  const wrong = values.findIndex((value) => value < 0)
  if (wrong >= 0) {
    const [row, column] = [rowNames[rowOf[wrong]!]!, columnNames[columnOf[wrong]!]!]
    return yield* new NotCount({ path, row, column, value: values[wrong]! })
  }
  const of = <A extends Uint32Array | Float64Array>(list: A) =>
    list.filter((_, i) => values[i]! > 0) as A
  const counted = { ...table, rowOf: of(rowOf), columnOf: of(columnOf), values: of(values) }
  const lengths = new Uint32Array(table.rows)
  for (const row of counted.rowOf) lengths[row]!++
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0)
  if (counted.values.length > 1 && longest < fewestOfRow)
    return yield* new ShortRows({ path, longest })
  return { ...entries, table: counted } satisfies Entries
})
