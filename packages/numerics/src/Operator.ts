/** Linear operators as functions, for everything that needs only products. */
import { requireCount, requireLength } from "./InvalidInput.ts"
import * as Vector from "./Vector.ts"

/** Writes A v into `out`; must be linear, must not modify or keep `v`, and gets a `v` that never overlaps `out`. */
export type Operator = (v: Float64Array, out: Float64Array) => void

/** The operator of a row-major `rows` x `columns` matrix, kept by reference. Throws InvalidInput on wrong lengths. */
export const fromMatrix = (a: Float64Array, rows: number, columns: number): Operator => {
  requireCount("Operator.fromMatrix", "rows", rows)
  requireCount("Operator.fromMatrix", "columns", columns)
  requireLength("Operator.fromMatrix", "a", a.length, rows * columns)
  const views = Array.from({ length: rows }, (_, i) => a.subarray(i * columns, (i + 1) * columns))
  return (v, out) => {
    requireLength("Operator.fromMatrix", "v", v.length, columns)
    requireLength("Operator.fromMatrix", "out", out.length, rows)
    for (let i = 0; i < rows; i++) out[i] = Vector.dot(views[i]!, v)
  }
}
