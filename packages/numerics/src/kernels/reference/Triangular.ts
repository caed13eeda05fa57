/** op(T) X = B in place of B: the twin of `assembly/triangular.ts`. */
import * as Vector from "../../Vector.ts"

export const solveTriangular = (
  lower: boolean,
  transpose: boolean,
  n: number,
  columns: number,
  t: Float64Array,
  b: Float64Array,
): void => {
  const forward = lower !== transpose
  for (let k = 0; k < n; k++) {
    const i = forward ? k : n - 1 - k
    const from = lower ? 0 : i + 1
    const to = lower ? i : n
    const entries = t.subarray(i * n + from, i * n + to)
    const own = b.subarray(i * columns, (i + 1) * columns)
    const pivot = t[i * n + i]!
    if (!transpose) {
      if (columns === 1) own[0] = own[0]! - Vector.dot(entries, b.subarray(from, to))
      else for (let j = from; j < to; j++) add(-1 * t[i * n + j]!, row(b, columns, j), own)
      divide(own, pivot)
    } else {
      divide(own, pivot)
      if (columns === 1) add(-own[0]!, entries, b.subarray(from, to))
      else for (let j = from; j < to; j++) add(-t[i * n + j]!, own, row(b, columns, j))
    }
  }
}

const row = (b: Float64Array, columns: number, j: number) =>
  b.subarray(j * columns, (j + 1) * columns)

const add = Vector.axpy

const divide = (x: Float64Array, by: number) => {
  for (let j = 0; j < x.length; j++) x[j] = x[j]! / by
}
