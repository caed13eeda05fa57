/** Prediction of new rows from their observed entries and the effects and factors of the columns. */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { type Model, power } from "./Models.ts"
import { bounded, type Fit } from "./TableFit.ts"

/** Part of a fit that predicts further rows; it contains no data of a row. */
export interface RowModel extends Pick<
  Fit,
  "mean" | "columnEffects" | "rank" | "right" | "bounds"
> {
  /** Ridge of a row effect, as a number of observations with value zero; Infinity if rows have no effect. */
  readonly ridge: number
  /** Penalty on the squared factors of a row, before its weight. */
  readonly shrinkage: number
  readonly weighting: Model["weighting"]
  readonly observationsPerRow: number
}

/** Extracts the part of a fit that predicts further rows. */
export const rowModel = (fit: Fit): RowModel => {
  const { bounds, columnEffects, mean, model, observationsPerRow, rank, right, unit } = fit
  const hasEffects = model.kind === "effects" || model.kind === "low rank"
  return {
    mean,
    columnEffects,
    rank,
    right,
    ridge: hasEffects ? model.ridge[0] : Infinity,
    shrinkage: rank === 0 ? 0 : model.penalty / unit,
    weighting: model.weighting,
    observationsPerRow,
    ...(bounds !== undefined && { bounds }),
  }
}

/**
 * Predicts all values of a row from the `values` observed in `columns`, each weighted by `confidence` (default 1). Its
 * effect and factors come from least squares with the penalties of the fit, given those of the columns. This is a step of
 * the alternation that computed them. A row without observations has effect 0. Observed values are predicted as well.
 *
 * Throws InvalidInput on an unknown column, and on values or confidence that are not finite or positive.
 *
 * @example
 * ```ts import.meta.vitest
 * import { completeRow, fitTable, rowModel } from "@nonconvex/matrix-factorization"
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
 * completeRow(rowModel(fit), [0], Float64Array.of(4)) // ≈ [3.973, 5.946]
 * ```
 */
export const completeRow = (
  model: RowModel,
  columns: ArrayLike<number>,
  values: Float64Array,
  confidence?: Float64Array,
  kernels: Kernels.Kernels = Kernels.standard(),
): Float64Array => {
  const {
    bounds,
    columnEffects,
    mean,
    observationsPerRow,
    rank,
    ridge,
    right,
    shrinkage,
    weighting,
  } = model
  Require.vector("completeRow", "values", values, columns.length)
  const n = rank + 1
  const others = new Float64Array(values.length * n)
  let count = 0
  for (let e = 0; e < values.length; e++) {
    const [j, weight] = [columns[e]!, confidence?.[e] ?? 1]
    if (!(j >= 0 && j < columnEffects.length)) {
      invalid("completeRow", "every column must be one of the model", { column: j })
    }
    Require.positive("completeRow", "confidence", weight)
    others.set(right.subarray(j * rank, (j + 1) * rank), e * n)
    others[e * n + rank] = columnEffects[j]!
    count += weight
  }
  const g = new Float64Array(n)
  if (count > 0 && ridge < Infinity) {
    const seen = {
      starts: Uint32Array.of(0, values.length),
      others: Uint32Array.from(values.keys()),
      values: values.map((value) => value - mean),
      confidence,
    }
    const penalty = shrinkage * power(count / observationsPerRow, weighting)
    kernels.sparseLeastSquares(rank, seen, others, Float64Array.of(penalty), ridge, g)
  }
  return Float64Array.from(columnEffects, (effect, j) => {
    let value = mean + effect + g[rank]!
    for (let a = 0; a < rank; a++) value += g[a]! * right[j * rank + a]!
    return bounded(bounds, value)
  })
}
