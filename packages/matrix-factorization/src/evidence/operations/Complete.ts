import { operation } from "@nonconvex/evidence"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seed from "@nonconvex/numerics/Seed"
import { Schema } from "effect"
import { type CompletedTable, completeTable, type Table, Unobserved } from "../../index.ts"
import { Numbers } from "./Design.ts"

const Input = Schema.Struct({
  rows: Schema.Number,
  columns: Schema.Number,
  /** Row and column of every entry, one after the other. */
  places: Numbers,
  values: Numbers,
  folds: Schema.Int,
  seed: Schema.Int,
})

const Model = Schema.Struct({
  weighted: Schema.Boolean,
  centred: Schema.Boolean,
  penalty: Schema.Number,
})

const Output: Schema.Codec<CompletedTable, unknown> = Schema.Struct({
  fit: Schema.Struct({
    model: Model,
    filled: Numbers,
    rank: Schema.Int,
    singularValues: Numbers,
    relativeGap: Schema.Number,
    status: Schema.Literals(["certified", "budget"]),
  }),
  validation: Schema.Struct({
    model: Model,
    error: Schema.Number,
    standardError: Schema.Number,
    baseline: Schema.Number,
    folds: Schema.Int,
    candidates: Schema.Int,
  }),
})

/** What an observer of a completion sees: how many of `mostFits` are done. */
const CompleteProgress = Schema.Struct({ fits: Schema.Int })
export type CompleteProgress = typeof CompleteProgress.Type

const CompleteFailure = Schema.Union([InvalidInput, Unobserved, ArenaFull])
export type CompleteFailure = typeof CompleteFailure.Type

export interface CompleteOptions {
  /** See `completeTable`; default 5. */
  readonly folds?: number
  /** Root of the split into folds; default 1. */
  readonly seed?: number
}

/** A table and its options as what crosses a thread: few arrays, not one an entry. */
export const inputOf = (
  { columns, entries, rows, values }: Table,
  { folds = 5, seed = 1 }: CompleteOptions,
): typeof Input.Type => {
  const places = new Float64Array(2 * entries.length)
  entries.forEach((entry, i) => places.set(entry, 2 * i))
  return { rows, columns, places, values, folds, seed }
}

/** The holes of a table filled: see `completeTable`. */
export const complete = operation({
  id: "matrix-factorization/complete",
  input: Input,
  output: Output,
  failure: CompleteFailure,
  progress: CompleteProgress,
  run: ({ columns, folds, places, rows, seed, values }, { kernels, report }) => {
    const entries = Array.from(
      { length: places.length / 2 },
      (_, i) => [places[2 * i]!, places[2 * i + 1]!] as const,
    )
    return completeTable(
      { rows, columns, entries, values },
      {
        folds,
        kernels,
        seed: Seed.root(seed).child("complete"),
        onFit: (fits) => report({ fits }),
      },
    )
  },
})
