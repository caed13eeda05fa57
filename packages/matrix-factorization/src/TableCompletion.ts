/** Completion of a table with holes: models, held-out errors by cross-validation, and the chosen fit with its certificate. */
import { invalid, RandomStream, Require, Seed, Svd, Vector } from "@nonconvex/numerics"
import { Unobserved } from "./Failures.ts"
import * as Matrix from "./Matrix.ts"
import { measure } from "./Measurements.ts"
import { minimiseNuclearNorm } from "./NuclearNorm.ts"
import { largestPenalty, softImpute } from "./SoftImpute.ts"
import { completion } from "./SparseMeasurements.ts"
import { traceNorm } from "./TraceNorm.ts"

/** Observed entries of a rows x columns table, each at most once. */
export interface Table {
  readonly rows: number
  readonly columns: number
  readonly entries: ReadonlyArray<readonly [row: number, column: number]>
  readonly values: Float64Array
}

/** How a table is filled. */
export interface Model {
  /** Whether the trace norm weighs rows and columns by their observations, as flatness does. */
  readonly weighted: boolean
  /** Whether the mean of the observations of each column is taken off first. */
  readonly centred: boolean
  /** The penalty, as a part of that from which on nothing is left; 0 interpolates the observations. */
  readonly penalty: number
}

export interface Fit {
  readonly model: Model
  /** rows x columns, the fitted values at the observed entries too. */
  readonly filled: Float64Array
  /** Of what was fitted, without the means. */
  readonly rank: number
  readonly singularValues: Float64Array
  /** Duality gap over the objective: the fit is that close to the best of its problem. */
  readonly relativeGap: number
  readonly status: "certified" | "budget"
}

interface Effort {
  readonly tolerance: number
  readonly maxIterations: number
}

/** Singular values below this part of the largest are leftovers of the iteration. */
const rankTolerance = 1e-6

/** The observed means of the columns, of all where a column has none; zeros where not `centred`. */
export const columnMeans = ({ columns, entries, values }: Table, centred = true): Float64Array => {
  const means = new Float64Array(columns)
  if (!centred) return means
  const counts = new Float64Array(columns)
  entries.forEach(([, column], i) => {
    means[column]! += values[i]!
    counts[column]!++
  })
  const overall = values.reduce((sum, value) => sum + value, 0) / values.length
  return means.map((sum, column) => (counts[column]! > 0 ? sum / counts[column]! : overall))
}

/** Fits for one kind of model along penalties from the largest to the smallest, each from the last. */
const path = (
  table: Table,
  kind: Omit<Model, "penalty">,
  penalties: ReadonlyArray<number>,
  effort: Effort,
): ReadonlyArray<Fit> => {
  const { columns, entries, rows } = table
  const means = columnMeans(table, kind.centred)
  const targets = table.values.map((value, i) => value - means[entries[i]![1]]!)
  const seen = completion({ rows, columns, entries })
  const norm = traceNorm(seen)
  const measurements = kind.weighted ? seen.sandwiched(norm.inverseLeft, norm.inverseRight) : seen
  const largest = largestPenalty(measurements, targets)
  let start: Float64Array | undefined
  return penalties.map((penalty) => {
    const solution =
      penalty === 0
        ? interpolate(minimiseNuclearNorm(measurements, targets, effort))
        : softImpute(measurements, targets, {
            ...effort,
            penalty: penalty * largest,
            ...(start !== undefined && { start }),
          })
    start = solution.matrix
    const matrix = kind.weighted
      ? Matrix.multiply(
          Matrix.multiply(norm.inverseLeft, solution.matrix, rows, rows, columns),
          norm.inverseRight,
          rows,
          columns,
          columns,
        )
      : solution.matrix
    const singularValues = Svd.singularValues(matrix, rows, columns)
    return {
      model: { ...kind, penalty },
      filled: matrix.map((value, at) => value + means[at % columns]!),
      rank: Matrix.rank(singularValues, rankTolerance),
      singularValues,
      relativeGap: solution.objective === 0 ? 0 : solution.gap / solution.objective,
      status: solution.status,
    }
  })
}

const interpolate = (solution: ReturnType<typeof minimiseNuclearNorm>) => ({
  matrix: solution.matrix,
  objective: solution.nuclearNorm,
  gap: solution.gap,
  status: solution.status === "certified" ? ("certified" as const) : ("budget" as const),
})

/** One fit. Throws InvalidInput where the table has no entry. */
export const fitTable = (table: Table, model: Model, effort: Partial<Effort> = {}): Fit => {
  const { maxIterations = 5000, tolerance = 1e-6 } = effort
  return path(table, model, [model.penalty], { maxIterations, tolerance })[0]!
}

const kinds: ReadonlyArray<Omit<Model, "penalty">> = [
  { weighted: false, centred: false },
  { weighted: false, centred: true },
  { weighted: true, centred: false },
  { weighted: true, centred: true },
]

/** From half of the largest penalty down by factors of about two, and interpolation. */
const penalties = [0.5, 0.25, 0.12, 0.06, 0.03, 0.015, 0.007, 0.003, 0.001, 0]

/** Fits of cross-validation need not be exact. */
const rough: Effort = { tolerance: 1e-4, maxIterations: 300 }

export interface CrossValidation {
  readonly model: Model
  /** Root of the mean square error on held-out entries, and its standard error over the folds. */
  readonly error: number
  readonly standardError: number
  /** The same error of the mean of each column. */
  readonly baseline: number
  readonly folds: number
  /** Models that were compared: the error of the best of them is a little too good. */
  readonly candidates: number
}

export interface CompletedTable {
  readonly fit: Fit
  readonly validation: CrossValidation
}

interface Options {
  /** 5 unless told. */
  readonly folds?: number
  readonly seed?: Seed.Seed
}

/** The work of a completion in pieces, for callers that let others run in between. */
export interface CompletionPlan {
  readonly pieces: ReadonlyArray<() => void>
  /** After all pieces have run. */
  readonly finish: () => CompletedTable
}

/** The rows and columns without a single observation. */
export const unobserved = ({ columns, entries, rows }: Table) => {
  const seenRows = new Set(entries.map(([row]) => row))
  const seenColumns = new Set(entries.map(([, column]) => column))
  const missing = (count: number, seen: ReadonlySet<number>) =>
    Array.from({ length: count }, (_, k) => k).filter((k) => !seen.has(k))
  return { rows: missing(rows, seenRows), columns: missing(columns, seenColumns) }
}

const check = (table: Table, folds: number): void => {
  Require.count("completeTable", "rows", table.rows)
  Require.count("completeTable", "columns", table.columns)
  Require.vector("completeTable", "values", table.values, table.entries.length)
  if (!Number.isFinite(Vector.norm(table.values) ** 2)) {
    const largest = table.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    invalid("completeTable", "the sum of squares of values must be finite; rescale them", {
      largest,
    })
  }
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

/** The entries whose fold is, or is not, `fold`. */
const part = (table: Table, foldOf: Uint32Array, keep: (fold: number) => boolean): Table => {
  const kept = table.entries.map((_, i) => i).filter((i) => keep(foldOf[i]!))
  return {
    rows: table.rows,
    columns: table.columns,
    entries: kept.map((i) => table.entries[i]!),
    values: Float64Array.from(kept, (i) => table.values[i]!),
  }
}

/** Root mean square error of a filled table at the observed entries of another. */
export const errorAt = (held: Table, filled: Float64Array): number => {
  const at = measure(completion(held), filled)
  return Vector.distance(at, held.values) / Math.sqrt(held.values.length)
}

/** The pieces of `completeTable`. Throws as it does. */
export const planCompletion = (table: Table, options: Options = {}): CompletionPlan => {
  const { folds = 5, seed = Seed.root("completeTable") } = options
  check(table, folds)
  const order = RandomStream.make(seed.child("folds")).permutation(table.entries.length)
  const foldOf = new Uint32Array(order.length)
  order.forEach((entry, place) => {
    foldOf[entry] = place % folds
  })
  /** errors[candidate][fold], candidates in the order of kinds and penalties. */
  const errors = Array.from(
    { length: kinds.length * penalties.length },
    () => new Float64Array(folds),
  )
  const baseline = new Float64Array(folds)
  const pieces = kinds.flatMap((kind, k) =>
    Array.from({ length: folds }, (_, fold) => () => {
      const training = part(table, foldOf, (f) => f !== fold)
      const held = part(table, foldOf, (f) => f === fold)
      path(training, kind, penalties, rough).forEach(({ filled }, p) => {
        errors[k * penalties.length + p]![fold] = errorAt(held, filled)
      })
      if (k > 0) return
      const means = columnMeans(training)
      const flat = new Float64Array(table.rows * table.columns)
      for (let at = 0; at < flat.length; at++) flat[at] = means[at % table.columns]!
      baseline[fold] = errorAt(held, flat)
    }),
  )
  return {
    pieces,
    finish: () => {
      const means = errors.map((perFold) => root(perFold))
      const best = means.reduce((b, error, at) => (error < means[b]! ? at : b), 0)
      const model = {
        ...kinds[Math.floor(best / penalties.length)]!,
        penalty: penalties[best % penalties.length]!,
      }
      return {
        fit: fitTable(table, model),
        validation: {
          model,
          error: means[best]!,
          standardError: deviation(errors[best]!) / Math.sqrt(folds),
          baseline: root(baseline),
          folds,
          candidates: errors.length,
        },
      }
    },
  }
}

const root = (errors: Float64Array): number => Vector.norm(errors) / Math.sqrt(errors.length)

const deviation = (values: Float64Array): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1))
}

/**
 * Fills the holes of a table by the model of least held-out error: a trace norm, plain or weighted by the observations of rows and
 * columns, with or without column means, over a path of penalties down to interpolation.
 *
 * Throws Unobserved where a row or a column has no entry, InvalidInput on fewer entries than folds and on entries outside.
 */
export const completeTable = (table: Table, options: Options = {}): CompletedTable => {
  const plan = planCompletion(table, options)
  for (const piece of plan.pieces) piece()
  return plan.finish()
}
