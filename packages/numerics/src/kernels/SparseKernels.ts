/** Tables with few known entries, row by row. */
import { invalid } from "../InvalidInput.ts"
import * as Require from "../Require.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Sparse from "./reference/Sparse.ts"
import type { SparseRows } from "./reference/Sparse.ts"
import type { Staging } from "./Staging.ts"

export interface SparseKernels {
  /**
   * Half a sweep of alternating least squares. For every row k it finds the factors f and the effect b that minimise `sum_e q_e (values_e -
   * c_j - b - <f, v_j>)^2 + penalties_k |f|^2 + ridge b^2`. `other` has the factors v_j (`rank` numbers) and the effect c_j of every column
   * j, one after another. The result is written to `own` in the same layout, with zeros for a row without entries. In a singular problem,
   * undetermined directions are set to 0.
   *
   * Throws InvalidInput on wrong lengths, entries outside, and outputs that overlap inputs; ArenaFull where copies do not fit.
   */
  readonly sparseLeastSquares: (
    rank: number,
    table: SparseRows,
    other: Float64Array,
    penalties: Float64Array,
    ridge: number,
    own: Float64Array,
  ) => void
  /**
   * Computes the residuals `q_e (values_e - b_k - c_j - <u_k, v_j>)` of the entries after factors and effects, into `out`
   * if given. Returns the sum of `q_e (values_e - b_k - c_j - <u_k, v_j>)^2`. `left` and `right` are as `own` and `other`
   * of sparseLeastSquares, and so are the errors.
   */
  readonly sparseResiduals: (
    rank: number,
    table: SparseRows,
    left: Float64Array,
    right: Float64Array,
    out?: Float64Array,
  ) => number
  /**
   * out = S X, or S^T X where `transpose`, for the matrix S of the entries and `count` vectors side by side (row-major). Throws as sparseLeastSquares.
   */
  readonly sparseProduct: (
    transpose: boolean,
    count: number,
    table: SparseRows,
    x: Float64Array,
    out: Float64Array,
  ) => void
}

export const sparseKernels = (engine: Engine): SparseKernels => ({
  sparseLeastSquares: sparseLeastSquares(engine),
  sparseResiduals: sparseResiduals(engine),
  sparseProduct: sparseProduct(engine),
})

/** Requires rows of entries, at columns below `columns`; returns how many rows. */
const requireRows = (
  operation: string,
  { confidence, others, starts, values }: SparseRows,
  columns: number,
): number => {
  Require.length(operation, "others", others.length, values.length)
  if (confidence !== undefined) {
    Require.length(operation, "confidence", confidence.length, values.length)
  }
  const rows = starts.length - 1
  for (let k = 0; k < rows; k++) {
    if (starts[k]! > starts[k + 1]!) invalid(operation, "starts must not descend", { row: k })
  }
  if (rows < 0 || starts[0] !== 0 || starts[rows] !== values.length) {
    invalid(operation, "starts must go from 0 to the number of entries", { entries: values.length })
  }
  Check.indices(operation, others, columns, "columns")
  return rows
}

/** Stages the arrays of a table; returns the address of the list of their addresses. */
const staged = (staging: Staging, { confidence, others, starts, values }: SparseRows): number =>
  staging.integers(
    Uint32Array.of(
      staging.integers(starts),
      staging.integers(others),
      staging.input(values),
      confidence === undefined ? 0 : staging.input(confidence),
    ),
  )

const sparseLeastSquares =
  ({ exports: wasm, staging }: Engine): SparseKernels["sparseLeastSquares"] =>
  (rank, table, other, penalties, ridge, own) => {
    const operation = "Kernels.sparseLeastSquares"
    const n = rank + 1
    Check.dimensions(operation, rank)
    const rows = requireRows(operation, table, Math.floor(other.length / n))
    Check.length(operation, "penalties", penalties, rows)
    Check.length(operation, "own", own, rows * n)
    Check.apart(operation, "own and other", own, other)
    if (wasm === undefined) {
      return Sparse.sparseLeastSquares(rank, table, other, penalties, ridge, own)
    }
    try {
      const at = staged(staging, table)
      const [from, shrinkage] = [staging.input(other), staging.input(penalties)]
      const to = staging.output(own, false)
      const work = staging.temporary(8 * (n + 5) * (n + 2))
      wasm.sparseLeastSquares(rows, rank, at, from, shrinkage, ridge, to, work)
      staging.back(own, to)
    } finally {
      staging.end()
    }
  }

const sparseResiduals =
  ({ exports: wasm, staging }: Engine): SparseKernels["sparseResiduals"] =>
  (rank, table, left, right, out) => {
    const operation = "Kernels.sparseResiduals"
    const n = rank + 1
    Check.dimensions(operation, rank)
    const rows = requireRows(operation, table, Math.floor(right.length / n))
    Check.length(operation, "left", left, rows * n)
    if (out !== undefined) {
      Check.length(operation, "out", out, table.values.length)
      for (const input of [left, right, table.values]) {
        Check.apart(operation, "out and an input", out, input)
      }
    }
    if (wasm === undefined) return Sparse.sparseResiduals(rank, table, left, right, out)
    try {
      const at = staged(staging, table)
      const [p, q] = [staging.input(left), staging.input(right)]
      const to = out === undefined ? 0 : staging.output(out, false)
      const square = wasm.sparseResiduals(rows, rank, at, p, q, to)
      if (out !== undefined) staging.back(out, to)
      return square
    } finally {
      staging.end()
    }
  }

const sparseProduct =
  ({ exports: wasm, staging }: Engine): SparseKernels["sparseProduct"] =>
  (transpose, count, table, x, out) => {
    const operation = "Kernels.sparseProduct"
    Require.count(operation, "count", count)
    const [near, far] = transpose ? [x, out] : [out, x]
    const rows = requireRows(operation, table, Math.floor(far.length / count))
    Check.length(operation, transpose ? "x" : "out", near, rows * count)
    Check.apart(operation, "x and out", out, x)
    Check.apart(operation, "values and out", out, table.values)
    if (wasm === undefined) return Sparse.sparseProduct(transpose, count, table, x, out)
    out.fill(0)
    try {
      const at = staged(staging, { ...table, confidence: undefined })
      const from = staging.input(x)
      const to = staging.output(out, true)
      wasm.sparseProduct(transpose ? 1 : 0, rows, count, at, from, to)
      staging.back(out, to)
    } finally {
      staging.end()
    }
  }
