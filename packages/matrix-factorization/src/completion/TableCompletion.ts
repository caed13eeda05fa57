import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { powerOfTwoNear } from "@nonconvex/numerics/Scaling"
import { Unobserved } from "./Unobserved.ts"
import {
  columnMeans,
  type Effort,
  errorAt,
  type Filled,
  type Fit,
  fitter,
  isLarge,
  type Kind,
  type Model,
  type Table,
  thorough,
} from "./TableFit.ts"

export { columnMeans, errorAt, type Fit, fitTable, type Model, type Table } from "./TableFit.ts"

const kinds: ReadonlyArray<Kind> = [
  { weighted: false, centred: false },
  { weighted: false, centred: true },
  { weighted: true, centred: false },
  { weighted: true, centred: true },
]

/** From half of the largest penalty down by factors of about two. */
const penalties = [0.5, 0.25, 0.12, 0.06, 0.03, 0.015, 0.007, 0.003, 0.001]

/** Then interpolation, or for a large table what is near it. */
const penaltiesFor = (table: Table): ReadonlyArray<number> =>
  isLarge(table) ? [...penalties, 0.0003, 0.0001] : [...penalties, 0]

/** Fits of cross-validation need not be exact. */
const roughFor = (table: Table): Effort => ({
  tolerance: isLarge(table) ? 1e-3 : 1e-4,
  maxIterations: 300,
})

/** A fold that errs by this much more than at its best is past it: smaller penalties would only fit more of the noise. */
const pastItsBest = 1.01

/** How well the chosen model predicts entries that it has not seen. */
export interface CrossValidation {
  readonly model: Model
  /** Root of the mean square error on held-out entries, and its standard error over the folds. */
  readonly error: number
  readonly standardError: number
  /** The same error of predictions by the mean of each column. */
  readonly baseline: number
  readonly folds: number
  /** Models that were compared: the error of the best of them is a little too good. */
  readonly candidates: number
}

/** A filled table, its certificate, and its held-out error. */
export interface CompletedTable {
  readonly fit: Fit
  readonly validation: CrossValidation
}

interface Options {
  /** Parts into which the observations are split for cross-validation, from 2; default 5. */
  readonly folds?: number
  /** Of the split; default a fixed one. */
  readonly seed?: Seed.Seed
}

/** The work of a completion in pieces, for callers that let others run in between. */
export interface CompletionPlan {
  /** One fit each, or nothing where it turned out not to be needed. */
  readonly pieces: ReadonlyArray<() => void>
  /** After all pieces have run, in their order. */
  readonly finish: () => CompletedTable
}

/** The numbers, from 0, of the rows and columns without a single observation. */
export const unobserved = ({ columns, entries, rows }: Table) => {
  const seenRows = new Set(entries.map(([row]) => row))
  const seenColumns = new Set(entries.map(([, column]) => column))
  const missing = (count: number, seen: ReadonlySet<number>) =>
    Array.from({ length: count }, (_, k) => k).filter((k) => !seen.has(k))
  return { rows: missing(rows, seenRows), columns: missing(columns, seenColumns) }
}

const requireEntries = ({ columns, entries, rows }: Table): void => {
  const seen = new Set<number>()
  for (const [row, column] of entries) {
    const isPlace = Number.isInteger(row) && Number.isInteger(column)
    if (!isPlace || row < 0 || row >= rows || column < 0 || column >= columns) {
      invalid("completeTable", "every entry must be a row and a column of the table, from 0", {
        row,
        column,
        rows,
        columns,
      })
    }
    const at = row * columns + column
    if (seen.has(at)) {
      invalid("completeTable", "every entry must be given at most once", { row, column })
    }
    seen.add(at)
  }
}

const requireTable = (table: Table, folds: number): void => {
  Require.count("completeTable", "rows", table.rows)
  Require.count("completeTable", "columns", table.columns)
  Require.vector("completeTable", "values", table.values, table.entries.length)
  requireEntries(table)
  const { columns, rows } = unobserved(table)
  if (rows.length + columns.length > 0) throw new Unobserved({ rows, columns })
  Require.count("completeTable", "folds", folds, 2)
  if (table.entries.length < folds) {
    invalid("completeTable", "there must be at least as many observations as folds", {
      observations: table.entries.length,
      folds,
    })
  }
}

/** The entries in the folds that are kept. */
const subtable = (table: Table, foldOf: Uint32Array, keep: (fold: number) => boolean): Table => {
  const kept = table.entries.map((_, i) => i).filter((i) => keep(foldOf[i]!))
  return {
    rows: table.rows,
    columns: table.columns,
    entries: kept.map((i) => table.entries[i]!),
    values: Float64Array.from(kept, (i) => table.values[i]!),
  }
}

/** The index of the smallest error; NaN counts as larger than every number, and where all are NaN or none is given it is 0. */
export const leastAt = (errors: ReadonlyArray<number>): number =>
  errors.reduce(
    (least, error, at) => (error < errors[least]! || Number.isNaN(errors[least]!) ? at : least),
    0,
  )

/** The pieces of `completeTable`. Throws as it does. */
export const planCompletion = (table: Table, options: Options = {}): CompletionPlan => {
  const { folds = 5, seed = Seed.root("completeTable") } = options
  requireTable(table, folds)
  // divided by it, values neither overflow nor underflow in squares, and lose nothing
  const scale = powerOfTwoNear(Vector.maxAbs(table.values))
  const scaled: Table = { ...table, values: table.values.map((value) => value / scale) }
  const path = penaltiesFor(table)
  const rough = roughFor(table)
  const order = RandomStream.make(seed.child("folds")).permutation(table.entries.length)
  const foldOf = new Uint32Array(order.length)
  order.forEach((entry, place) => {
    foldOf[entry] = place % folds
  })
  /** errors[kind][penalty][fold]; infinite where a fold was past its best before. */
  const errors = kinds.map(() => path.map(() => new Float64Array(folds).fill(Infinity)))
  const baseline = new Float64Array(folds)

  const foldPieces = (kind: Kind, ofKind: ReadonlyArray<Float64Array>, fold: number) => {
    let fit: ReturnType<typeof fitter> | undefined
    let held: Table | undefined
    let leastError = Infinity
    const begin = () => {
      const training = subtable(scaled, foldOf, (f) => f !== fold)
      held = subtable(scaled, foldOf, (f) => f === fold)
      fit = fitter(training, kind)
      const means = columnMeans(training)
      const flat = new Float64Array(table.rows * table.columns)
      for (let at = 0; at < flat.length; at++) flat[at] = means[at % table.columns]!
      baseline[fold] = errorAt(held, flat)
    }
    return path.map((penalty, p) => () => {
      const earlier = ofKind[p]!.subarray(0, fold)
      if (p === 0) begin()
      // nor is a penalty of use that an earlier fold did not come to
      if (fit === undefined || held === undefined || earlier.includes(Infinity)) return
      const error = errorAt(held, fit(penalty, rough).filled)
      ofKind[p]![fold] = error
      leastError = Math.min(leastError, error)
      if (error > pastItsBest * leastError || p === path.length - 1) fit = held = undefined
    })
  }

  const choose = () => {
    const means = errors.flatMap((ofKind) => ofKind.map(rootMeanSquare))
    const best = leastAt(means)
    return {
      kind: Math.floor(best / path.length),
      penalty: best % path.length,
      error: means[best]!,
      candidates: means.filter((mean) => mean < Infinity).length,
    }
  }

  let whole: ReturnType<typeof fitter> | undefined
  let last: Filled | undefined
  const finalPieces = path.map((penalty, p) => () => {
    const chosen = choose()
    const isChosen = p === chosen.penalty
    // an interpolant starts from nothing
    if (!isChosen && (p > chosen.penalty || path[chosen.penalty] === 0)) return
    whole ??= fitter(scaled, kinds[chosen.kind]!)
    last = whole(penalty, isChosen ? thorough : rough)
  })
  const ofFolds = kinds.flatMap((kind, k) =>
    Array.from({ length: folds }, (_, fold) => foldPieces(kind, errors[k]!, fold)).flat(),
  )
  return {
    pieces: [...ofFolds, ...finalPieces],
    finish: () => {
      const { candidates, error, kind, penalty } = choose()
      const fit = last!.inspect()
      return {
        fit: {
          ...fit,
          filled: fit.filled.map((value) => value * scale),
          singularValues: fit.singularValues.map((value) => value * scale),
        },
        validation: {
          model: fit.model,
          error: error * scale,
          standardError: (deviation(errors[kind]![penalty]!) / Math.sqrt(folds)) * scale,
          baseline: rootMeanSquare(baseline) * scale,
          folds,
          candidates,
        },
      }
    },
  }
}

const rootMeanSquare = (errors: Float64Array): number =>
  Vector.norm(errors) / Math.sqrt(errors.length)

const deviation = (values: Float64Array): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1))
}

/**
 * Fills the holes of a table by the model with the least error in cross-validation: a trace norm, plain or weighted by the observations
 * of rows and columns, beside the means of the columns or without them, over a path of penalties down to interpolation, or to a
 * ten-thousandth of the largest where rows and columns are 200 or more. A path ends where the error of a fold is 1 % above its least
 * (ours; experiment matrix-factorization/real-table).
 *
 * Throws Unobserved where a row or a column has no entry, InvalidInput on fewer entries than folds, on entries outside or given twice,
 * and on values that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { completeTable } from "@nonconvex/matrix-factorization"
 *
 * // a multiplication table of 6 x 6 with a hole at the end
 * const entries = Array.from({ length: 35 }, (_, k) => [Math.floor(k / 6), k % 6] as const)
 * const values = Float64Array.from(entries, ([row, column]) => (row + 1) * (column + 1))
 * const { fit, validation } = completeTable({ rows: 6, columns: 6, entries, values })
 * fit.filled[35]!.toFixed(1) // => "36.0"
 * validation.error < 0.2 * validation.baseline // => true
 * ```
 */
export const completeTable = (table: Table, options: Options = {}): CompletedTable => {
  const plan = planCompletion(table, options)
  for (const piece of plan.pieces) piece()
  return plan.finish()
}
