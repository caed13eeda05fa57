/**
 * op(T) X = B in place of B (n x columns), T n x n triangular, row-major.
 *
 * T itself: b_i minus the products in increasing index (one column: minus one `dot`), then the division. T^T: the division,
 * then the products of row i are taken from the rows that wait.
 */
import { bytes } from "./simd"
import { addRow, multiplyTransposed } from "./gemv"
import { dot } from "./vector"

@inline
function divide(columns: i32, b: usize, by: f64): void {
  for (let j = 0; j < columns; j++) {
    const at = b + bytes<f64>(j)
    store<f64>(at, load<f64>(at) / by)
  }
}

export function solveTriangular(lower: bool, transpose: bool, n: i32, columns: i32, t: usize, b: usize): void {
  const step = bytes<f64>(n)
  const width = bytes<f64>(columns)
  const forward = lower != transpose
  for (let k = 0; k < n; k++) {
    const i = forward ? k : n - 1 - k
    const row = t + <usize>i * step
    const own = b + <usize>i * width
    const pivot = load<f64>(row + bytes<f64>(i))
    const from = lower ? 0 : i + 1
    const count = lower ? i : n - 1 - i
    const entries = row + bytes<f64>(from)
    const others = b + <usize>from * width
    if (!transpose) {
      if (columns == 1) store<f64>(own, load<f64>(own) - dot(count, entries, others))
      else multiplyTransposed<f64>(count, columns, -1, others, columns, entries, 1, own)
      divide(columns, own, pivot)
    } else {
      divide(columns, own, pivot)
      if (columns == 1) addRow<f64>(count, -load<f64>(own), entries, others)
      else spread(count, columns, entries, own, others)
    }
  }
}

/** others_j -= entries_j own. */
function spread(count: i32, columns: i32, entries: usize, own: usize, others: usize): void {
  for (let j = 0; j < count; j++) {
    addRow<f64>(columns, -load<f64>(entries + bytes<f64>(j)), own, others)
    others += bytes<f64>(columns)
  }
}
