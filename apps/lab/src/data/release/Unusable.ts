/** Refusal of a file that cannot be released: it reveals nothing about the rows, and says how to find the problem. */
import { listOf, quote } from "@nonconvex/datasets/Quote"
import { largestDimension } from "@nonconvex/dp-lowrank"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Effect, Schema } from "effect"

/** Fails where a table has more columns than a release. */
export const checkWidth = (columns: number): Effect.Effect<void, InvalidInput> =>
  columns > largestDimension
    ? Effect.fail(
        new InvalidInput({
          operation: "release",
          requirement: `a release has at most ${largestDimension} columns; omit the others with --ignore`,
          numbers: { columns },
        }),
      )
    : Effect.void

/** The rows of a file violate the declaration, or its format differs from the declared one. */
export class UnusableRows extends Schema.TaggedError<UnusableRows>()("UnusableRows", {
  /** Message of the reader, which is the same for all rows. */
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.reason}: repeat the command with --check to see the problem. Use --ignore <column> for words, --missing centre for empty cells, --names a,b,c for a file without names, and --decimal comma for numbers such as 0,5`
  }
}

/** Flags that ask for no release: neither for components, with all that they need, nor for statistics. */
export class NoRelease extends Schema.TaggedError<NoRelease>()("NoRelease", {
  rank: Schema.UndefinedOr(Schema.Number),
  bound: Schema.UndefinedOr(Schema.Number),
  delta: Schema.UndefinedOr(Schema.Number),
}) {
  override get message(): string {
    const { bound, delta, rank } = this
    const missing = Object.entries({ rank, bound, delta }).flatMap(([name, value]) =>
      value === undefined ? [`--${name}`] : [],
    )
    return `no ${missing.join(", no ")}: components need --rank, --bound and --delta; --count, --histogram, --mean and --quantile release statistics without a delta`
  }
}

/** The ledger does not exist, or no longer exists. */
export class NoLedger extends Schema.TaggedError<NoLedger>()("NoLedger", {
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.reason}, with --create-ledger`
  }
}

/** No column has the name of the target. The names of columns are public. */
export class NoTarget extends Schema.TaggedError<NoTarget>()("NoTarget", {
  target: Schema.String,
  columns: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `--target ${quote(this.target)}: no column has this name; the columns are ${listOf(this.columns)}`
  }
}
