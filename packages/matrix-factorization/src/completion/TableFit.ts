/** Fits of one model to a table with holes, along penalties. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Matrix from "../internal/Matrix.ts"
import type { Measurements } from "../measurements/Measurements.ts"
import { minimiseNuclearNorm } from "../recovery/NuclearNorm.ts"
import { largestPenalty, softImpute } from "../recovery/SoftImpute.ts"
import { sparse } from "../measurements/SparseMeasurements.ts"
import { truncatedSoftImpute } from "../recovery/TruncatedSoftImpute.ts"

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
  /** The penalty, as a part of that from which on the fit is 0; 0 interpolates the observations. */
  readonly penalty: number
}

export type Kind = Omit<Model, "penalty">

/** A filled table, with the proof of how far it is from the best of its problem. */
export interface Fit {
  readonly model: Model
  /** rows x columns, row-major; the fitted values, not the observed ones, at the observed entries too. */
  readonly filled: Float64Array
  /** Of what was fitted, without the means of the columns. */
  readonly rank: number
  readonly singularValues: Float64Array
  /** Duality gap over the objective. */
  readonly relativeGap: number
  /** "certified": the relative gap is within the tolerance. "budget": not yet. */
  readonly status: "certified" | "budget"
}

/** When a fit ends. */
export interface Effort {
  readonly tolerance: number
  readonly maxIterations: number
}

/** Singular values below this part of the largest are leftovers of the iteration. */
const rankTolerance = 1e-6

/** From this dimension on only the singular vectors past the threshold are computed, and nothing is interpolated. */
const truncatedFrom = 200

export const isLarge = ({ columns, rows }: Pick<Table, "rows" | "columns">): boolean =>
  Math.min(rows, columns) >= truncatedFrom

/** The mean of the observations of each column, that of all where a column has none; zeros where not `centred`. */
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

/** Root mean square error of `filled` (rows x columns) at the entries of `held`. */
export const errorAt = (held: Table, filled: Float64Array): number => {
  const { columns, entries, values } = held
  const at = Float64Array.from(entries, ([row, column]) => filled[row * columns + column]!)
  return Vector.distance(at, values) / Math.sqrt(values.length)
}

/** The inverse roots of the parts of the entries in each row (`at` 0) or column (1): of the moments of the completion, which are diagonal. */
const inverseRoots = ({ entries }: Table, count: number, at: 0 | 1): Float64Array => {
  const counts = new Float64Array(count)
  for (const entry of entries) counts[entry[at]]!++
  return counts.map((seen) => (seen > 0 ? Math.sqrt(entries.length / seen) : 0))
}

/** Singular values, descending, from the smaller Gram matrix: what squaring loses is far below those that count. */
const singularValuesOf = (
  matrix: Float64Array,
  rows: number,
  columns: number,
  kernels: Kernels.Kernels,
): Float64Array => {
  const n = Math.min(rows, columns)
  const gram = new Float64Array(n * n)
  kernels.syrk(rows > columns, n, Math.max(rows, columns), 1, matrix, 0, gram)
  const values = SymmetricEigen.eigenvalues(gram, n, kernels).toReversed()
  return values.map((value) => Math.sqrt(Math.max(0, value)))
}

interface Solution {
  readonly matrix: Float64Array
  readonly objective: number
  readonly gap: number
  readonly status: "certified" | "budget"
}

type Solve = (penalty: number, effort: Effort) => Solution

/** With all singular vectors; each solution starts from the last. */
const solveFully = (measurements: Measurements, targets: Float64Array): Solve => {
  let start: Float64Array | undefined
  return (penalty, effort) => {
    if (penalty === 0) {
      const { gap, matrix, nuclearNorm, status } = minimiseNuclearNorm(
        measurements,
        targets,
        effort,
      )
      return {
        matrix,
        gap,
        objective: nuclearNorm,
        status: status === "certified" ? "certified" : "budget",
      }
    }
    const solution = softImpute(measurements, targets, {
      ...effort,
      penalty,
      ...(start !== undefined && { start }),
    })
    start = solution.matrix
    return solution
  }
}

/** With the singular vectors past the threshold; each solution starts from the last. */
const solveTruncated = (
  measurements: Measurements,
  targets: Float64Array,
  weights: Float64Array,
): Solve => {
  const solve = truncatedSoftImpute(
    measurements,
    targets,
    Vector.maxAbs(weights),
    Seed.root("truncatedSoftImpute"),
  )
  return (penalty, effort) => solve({ ...effort, penalty })
}

/** A fit of one penalty of which only the values are computed so far. */
export interface Filled {
  /** rows x columns. */
  readonly filled: Float64Array
  /** Rank and certificate as well. */
  readonly inspect: () => Fit
}

/** Fits of one kind of model, to be called for penalties from the largest to the smallest: each starts from the last. */
export const fitter = (
  table: Table,
  kind: Kind,
  kernels: Kernels.Kernels,
): ((penalty: number, effort: Effort) => Filled) => {
  const { columns, entries, rows } = table
  const means = columnMeans(table, kind.centred)
  const targets = table.values.map((value, i) => value - means[entries[i]![1]]!)
  const left = kind.weighted ? inverseRoots(table, rows, 0) : new Float64Array(rows).fill(1)
  const right = kind.weighted ? inverseRoots(table, columns, 1) : new Float64Array(columns).fill(1)
  const weights = Float64Array.from(entries, ([row, column]) => left[row]! * right[column]!)
  const measurements = sparse({
    rows,
    columns,
    offsets: Uint32Array.from({ length: entries.length + 1 }, (_, i) => i),
    positions: Uint32Array.from(entries, ([row, column]) => row * columns + column),
    values: weights,
    kernels,
  })
  const largest = largestPenalty(measurements, targets)
  const solve = isLarge(table)
    ? solveTruncated(measurements, targets, weights)
    : solveFully(measurements, targets)
  return (penalty, effort) => {
    const solution = solve(penalty * largest, effort)
    const matrix = solution.matrix.map(
      (value, at) => value * left[Math.floor(at / columns)]! * right[at % columns]!,
    )
    const filled = matrix.map((value, at) => value + means[at % columns]!)
    return {
      filled,
      inspect: () => {
        const singularValues = singularValuesOf(matrix, rows, columns, kernels)
        return {
          model: { ...kind, penalty },
          filled,
          rank: Matrix.rank(singularValues, rankTolerance),
          singularValues,
          relativeGap: solution.objective === 0 ? 0 : solution.gap / solution.objective,
          status: solution.status,
        }
      },
    }
  }
}

/** The effort for a fit that is kept. */
export const thorough: Effort = { tolerance: 1e-6, maxIterations: 5000 }

/** One fit of a table by itself. Throws InvalidInput where the table has no entry. */
export const fitTable = (
  table: Table,
  { penalty, ...kind }: Model,
  effort: Partial<Effort> = {},
  kernels: Kernels.Kernels = Kernels.standard(),
): Fit => fitter(table, kind, kernels)(penalty, { ...thorough, ...effort }).inspect()
