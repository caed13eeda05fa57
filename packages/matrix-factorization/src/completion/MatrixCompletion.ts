import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { powerOfTwoNear } from "@nonconvex/numerics/Scaling"
import { boundsOf, type Centred, centred, type Model } from "./Models.ts"
import { search, type Validation } from "./Search.ts"
import { normalised, requireDistinct, requireTable, type Table } from "./Table.ts"
import { type Fit, fitModel } from "./TableFit.ts"

/** A filled table, its certificate, and its held-out error. */
export interface CompletedTable {
  readonly fit: Fit
  readonly validation: Validation
}

interface FitOptions {
  /** Seed of the split into folds and of the iterations; default a fixed one. */
  readonly seed?: Seed.Seed
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}

interface Options extends FitOptions {
  /** Parts of the observations that are held out in turn, from 2; default 10, at most one per observation. */
  readonly folds?: number
  /** Rank of the low-rank product, from 0; default by held-out prediction. */
  readonly rank?: number
  /** Called after every fit with the current choice. */
  readonly onFit?: (soFar: Validation) => void
}

const standardSeed = (): Seed.Seed => Seed.root("completeTable")

/** Table in units of a power of two, so that squares neither overflow nor underflow; the scaling is exact. */
interface Scaled {
  readonly scale: number
  readonly table: Table
  readonly observed: Centred
}

/** Throws InvalidInput on an invalid table. */
const scaled = (operation: string, given: Table): Scaled => {
  requireTable(operation, given)
  const scale = powerOfTwoNear(Vector.maxAbs(given.values))
  const values = new Float64Array(given.values.length)
  for (let i = 0; i < values.length; i++) values[i] = given.values[i]! / scale
  const table = { ...normalised(given), values }
  const observed = centred(table)
  requireDistinct(operation, observed.observations)
  return { scale, table, observed }
}

const modelTimes = (model: Model, scale: number): Model => ({
  ...model,
  penalty: model.penalty * scale,
})

const validationTimes = (validation: Validation, scale: number): Validation => {
  const times = <A extends Pick<Validation, "model" | "error" | "standardError">>(one: A): A => ({
    ...one,
    model: modelTimes(one.model, scale),
    error: one.error * scale,
    standardError: one.standardError * scale,
  })
  return { ...times(validation), compared: validation.compared.map(times) }
}

const fitScaled = (
  { observed, scale, table }: Scaled,
  model: Model,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Fit => {
  const bounds = boundsOf(table.values)
  const fit = fitModel(observed, bounds, modelTimes(model, 1 / scale), seed, kernels)
  const times = (values: Float64Array) => values.map((value) => value * scale)
  return {
    ...fit,
    model,
    mean: fit.mean * scale,
    rowEffects: times(fit.rowEffects),
    columnEffects: times(fit.columnEffects),
    left: times(fit.left),
    singularValues: times(fit.singularValues),
    traceNorm: fit.traceNorm * scale,
    unit: scale,
    ...(fit.bounds !== undefined && { bounds: [fit.bounds[0] * scale, fit.bounds[1] * scale] }),
  }
}

/** Throws InvalidInput on bad options, and on fewer than two observations. */
const chooseScaled = ({ observed, scale, table }: Scaled, options: Options): Validation => {
  const { folds = 10, kernels = Kernels.standard(), onFit, rank } = options
  const { seed = standardSeed() } = options
  Require.count("completeTable", "folds", folds, 2)
  if (rank !== undefined) Require.count("completeTable", "rank", rank, 0)
  const observations = table.values.length
  if (observations < 2) {
    invalid("completeTable", "there must be at least two observations", { observations })
  }
  const found = search(table, observed, {
    folds: Math.min(folds, observations),
    seed,
    kernels,
    ...(rank !== undefined && { rank }),
    onFit: (soFar) => onFit?.(validationTimes(soFar, scale)),
  })
  return validationTimes(found, scale)
}

/**
 * Fits one model to a table. Throws InvalidInput as `completeTable`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { fitTable, predict } from "@nonconvex/matrix-factorization"
 *
 * const table = {
 *   rows: 2,
 *   columns: 2,
 *   rowOf: Uint32Array.of(0, 0, 1),
 *   columnOf: Uint32Array.of(0, 1, 0),
 *   values: Float64Array.of(1, 3, 2),
 * }
 * const ridge = [0.01, 0.01] as const
 * const fit = fitTable(table, { kind: "effects", rank: 0, penalty: Infinity, weighting: 0, ridge })
 * predict(fit, 1, 1) // ≈ 3.966
 * ```
 */
export const fitTable = (
  table: Table,
  model: Model,
  { kernels = Kernels.standard(), seed = standardSeed() }: FitOptions = {},
): Fit => {
  const once = scaled("fitTable", table)
  Require.count("fitTable", "observations", table.values.length)
  return fitScaled(once, model, seed, kernels)
}

/**
 * Chooses among four models: the mean, the column means, row and column effects with a ridge, and these plus a low-rank
 * product. It takes the simplest model within one standard error of the best held-out error. Ranks are tried from 1 upward
 * until they no longer improve the error, penalties of the trace norm along a path, and weights of rows and columns by their
 * observations. Further folds are held out until the choice is clear (ours; experiment matrix-factorization/real-table).
 * Throws InvalidInput as `completeTable`.
 */
export const chooseModel = (table: Table, options: Options = {}): Validation =>
  chooseScaled(scaled("completeTable", table), options)

/**
 * Completes a table by the model that `chooseModel` chooses; `predict` returns the values. A row or column without
 * observations has effect 0, so it is predicted by the effects of the other side.
 *
 * `confidence` weights the entries in the objective, in the held-out error, and in the means and counts for the choice of the model.
 *
 * Throws InvalidInput on fewer than two observations, on entries outside or given twice, and on non-finite values. Confidence
 * must be positive, and span at most 10^12. Throws ArenaFull without memory for the kernels.
 *
 * @example
 * ```ts import.meta.vitest
 * import { completeTable, predict } from "@nonconvex/matrix-factorization"
 *
 * // a multiplication table of 6 x 6 with a hole at the end
 * const rowOf = Uint32Array.from({ length: 35 }, (_, k) => Math.floor(k / 6))
 * const columnOf = Uint32Array.from({ length: 35 }, (_, k) => k % 6)
 * const values = Float64Array.from(rowOf, (row, k) => (row + 1) * (columnOf[k]! + 1))
 * const { fit, validation } = completeTable({ rows: 6, columns: 6, rowOf, columnOf, values })
 * predict(fit, 5, 5).toFixed(1) // => "36.0"
 * validation.error < 0.2 * validation.compared[1]!.error // => true
 * ```
 */
export const completeTable = (table: Table, options: Options = {}): CompletedTable => {
  const { kernels = Kernels.standard(), seed = standardSeed() } = options
  const once = scaled("completeTable", table)
  const validation = chooseScaled(once, options)
  return { fit: fitScaled(once, validation.model, seed, kernels), validation }
}
