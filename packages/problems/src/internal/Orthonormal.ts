import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Rows from "./Rows.ts"

const tolerance = 1e-9

/** Requires the `rows` rows of length `columns` of a row-major matrix to be orthonormal to 1e-9. */
export const requireRows = (
  operation: string,
  name: string,
  matrix: Float64Array,
  rows: number,
  columns: number,
): void => {
  Require.vector(operation, name, matrix, rows * columns)
  for (let i = 0; i < rows; i++) {
    const row = matrix.subarray(i * columns, (i + 1) * columns)
    for (let j = 0; j <= i; j++) {
      const product = Rows.dot(matrix, j * columns, row)
      if (Math.abs(product - (i === j ? 1 : 0)) > tolerance) {
        invalid(operation, `the rows of ${name} must be orthonormal`, { row: i, other: j, product })
      }
    }
  }
}
