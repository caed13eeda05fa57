/** A release as a mean over the rows instead of a sum. */
import type { RowCount } from "../privacy/Public.ts"
import type { NoisyScatter } from "../release/Release.ts"

/**
 * The noisy matrix, its noise and its grid divided by a public count of rows, each rounded once: post-processing. A count is public where neighbours differ
 * by a replaced row, or where it was published; a count that the data gave under `"add-remove"` would be a second, unpaid release.
 */
export const perRow = (noisy: NoisyScatter, rows: RowCount): NoisyScatter => ({
  ...noisy,
  matrix: noisy.matrix.map((x) => x / rows),
  grid: noisy.grid / rows,
  diagonalScale: noisy.diagonalScale / rows,
  offDiagonalScale: noisy.offDiagonalScale / rows,
})
