import * as Kernels from "@nonconvex/numerics/Kernels"
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

const defaultFolds = 5

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
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
  /** Called after every fit with how many of `mostFits` are done; those that a path does not come to count with it. */
  readonly onFit?: (done: number) => void
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

/** How many fits `completeTable` makes of a table at most. Throws as it does of a wrong table, before any work. */
export const mostFits = (
  table: Table,
  { folds = defaultFolds }: Pick<Options, "folds"> = {},
): number => {
  requireTable(table, folds)
  return (kinds.length * folds + 1) * penaltiesFor(table).length
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

/** The observations that are fitted and those that are held out of a fold, by the fold of each. */
const splitAt = (table: Table, foldOf: Uint32Array, fold: number) => ({
  training: subtable(table, foldOf, (other) => other !== fold),
  held: subtable(table, foldOf, (other) => other === fold),
})

type Split = (fold: number) => ReturnType<typeof splitAt>

/** Held-out errors of one kind of model by penalty and fold: Infinity where a path ended before. */
const errorsAlong = (
  path: ReadonlyArray<number>,
  folds: number,
  split: Split,
  fitterOf: (training: Table) => (penalty: number) => Filled,
  onFit: (fold: number, p: number) => void,
): ReadonlyArray<Float64Array> => {
  const errors = path.map(() => new Float64Array(folds).fill(Infinity))
  for (let fold = 0; fold < folds; fold++) {
    const { held, training } = split(fold)
    const fit = fitterOf(training)
    let least = Infinity
    // no penalty is of use that an earlier fold did not come to
    for (let p = 0; p < path.length && !errors[p]!.subarray(0, fold).includes(Infinity); p++) {
      const error = errorAt(held, fit(path[p]!).filled)
      errors[p]![fold] = error
      onFit(fold, p)
      least = Math.min(least, error)
      if (error > pastItsBest * least) break
    }
  }
  return errors
}

/** Held-out errors of the means of the columns. */
const baselineErrors = ({ columns, rows }: Table, folds: number, split: Split): Float64Array =>
  Float64Array.from({ length: folds }, (_, fold) => {
    const { held, training } = split(fold)
    const means = columnMeans(training)
    return errorAt(
      held,
      Float64Array.from({ length: rows * columns }, (_value, at) => means[at % columns]!),
    )
  })

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
 * and on values that are not finite, ArenaFull where there is no memory for the kernels.
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
  const {
    folds = defaultFolds,
    kernels = Kernels.standard(),
    seed = Seed.root("completeTable"),
  } = options
  requireTable(table, folds)
  // divided by it, values neither overflow nor underflow in squares, and lose nothing
  const scale = powerOfTwoNear(Vector.maxAbs(table.values))
  const scaled: Table = { ...table, values: table.values.map((value) => value / scale) }
  const path = penaltiesFor(table)
  const rough = roughFor(table)
  const report = (run: number, p: number) => options.onFit?.(run * path.length + p + 1)
  const order = RandomStream.make(seed.child("folds")).permutation(table.entries.length)
  const foldOf = new Uint32Array(order.length)
  order.forEach((entry, place) => {
    foldOf[entry] = place % folds
  })
  const split: Split = (fold) => splitAt(scaled, foldOf, fold)
  const errors = kinds.map((kind, k) =>
    errorsAlong(
      path,
      folds,
      split,
      (training) => {
        const fit = fitter(training, kind, kernels)
        return (penalty) => fit(penalty, rough)
      },
      (fold, p) => report(k * folds + fold, p),
    ),
  )
  const means = errors.flatMap((ofKind) => ofKind.map(rootMeanSquare))
  const best = leastAt(means)
  const [kind, chosen] = [Math.floor(best / path.length), best % path.length]
  const fitWhole = fitter(scaled, kinds[kind]!, kernels)
  // an interpolant starts from nothing, any other fit from the one before
  for (let p = path[chosen] === 0 ? chosen : 0; p < chosen; p++) {
    fitWhole(path[p]!, rough)
    report(kinds.length * folds, p)
  }
  const fit = fitWhole(path[chosen]!, thorough).inspect()
  report(kinds.length * folds, path.length - 1)
  return {
    fit: {
      ...fit,
      filled: fit.filled.map((value) => value * scale),
      singularValues: fit.singularValues.map((value) => value * scale),
    },
    validation: {
      model: fit.model,
      error: means[best]! * scale,
      standardError: (deviation(errors[kind]![chosen]!) / Math.sqrt(folds)) * scale,
      baseline: rootMeanSquare(baselineErrors(scaled, folds, split)) * scale,
      folds,
      candidates: means.filter((mean) => mean < Infinity).length,
    },
  }
}
