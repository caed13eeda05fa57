/** A release as a mean over the rows instead of a sum. */
import type { RowCount } from "../privacy/Public.ts"
import type { Noisy } from "./Noisy.ts"

/**
 * Noisy matrix with its noise and grid, divided by a public count of rows, with each number rounded once: post-processing.
 * A count is public if neighbours differ by a replaced row, or if it was published. A count computed from the data under
 * `"add-remove"` would be a second release outside the budget.
 */
export const perRow = <Released extends Noisy>(noisy: Released, rows: RowCount): Released => ({
  ...noisy,
  matrix: noisy.matrix.map((x) => x / rows),
  grid: noisy.grid / rows,
  diagonalScale: noisy.diagonalScale / rows,
  offDiagonalScale: noisy.offDiagonalScale / rows,
})
