/** The second moments of dense measurements, `(1/n) sum A_i H A_i'` and `(1/n) sum A_i' G A_i`. */
import type { Kernels } from "@nonconvex/numerics"

interface Design {
  readonly a: Float64Array
  readonly count: number
  readonly rows: number
  readonly columns: number
  readonly kernels: Kernels.Kernels
}

type Moment = (from: Float64Array, out: Float64Array) => void

interface Moments {
  readonly left: Moment
  readonly right: Moment
}

/** Largest table, in numbers. */
const largestTable = 2 ** 22

/**
 * Both moments by whichever way is shorter: from a table of all fourth-order moments
 * `C[(a, a'), (c, c')] = (1/n) sum_i A_i[a, c] A_i[a', c']`, filled at the first use, or measurement by measurement.
 */
export const momentTable = (design: Design): Moments => {
  const { columns, count, rows } = design
  const size = rows * columns
  const fits = size * size <= largestTable && size <= count * (rows + columns)
  if (!fits) return byMeasurement(design)
  let table: Float64Array | undefined
  const { kernels } = design
  const product = (transpose: boolean): Moment => {
    return (from, out) => {
      table ??= fourthMoments(design)
      kernels.gemv(transpose, rows * rows, columns * columns, 1, table, from, 0, out)
    }
  }
  return { left: product(false), right: product(true) }
}

const fourthMoments = ({ a, columns, count, kernels, rows }: Design): Float64Array => {
  const size = rows * columns
  const gram = new Float64Array(size * size)
  kernels.syrk(true, size, count, 1 / count, a, 0, gram)
  const table = new Float64Array(size * size)
  let at = 0
  for (let r = 0; r < rows; r++) {
    for (let r2 = 0; r2 < rows; r2++) {
      for (let c = 0; c < columns; c++) {
        const from = (r * columns + c) * size + r2 * columns
        for (let c2 = 0; c2 < columns; c2++) table[at++] = gram[from + c2]!
      }
    }
  }
  return table
}

const byMeasurement = ({ a, columns, count, kernels, rows }: Design): Moments => {
  const size = rows * columns
  const half = new Float64Array(size)
  const each = Array.from({ length: count }, (_, i) => a.subarray(i * size, (i + 1) * size))
  return {
    left: (h, out) => {
      for (let i = 0; i < count; i++) {
        kernels.gemm(false, false, rows, columns, columns, 1, each[i]!, h, 0, half)
        kernels.gemm(
          false,
          true,
          rows,
          rows,
          columns,
          1 / count,
          half,
          each[i]!,
          i === 0 ? 0 : 1,
          out,
        )
      }
    },
    right: (g, out) => {
      for (let i = 0; i < count; i++) {
        kernels.gemm(false, false, rows, columns, rows, 1, g, each[i]!, 0, half)
        kernels.gemm(
          true,
          false,
          columns,
          columns,
          rows,
          1 / count,
          each[i]!,
          half,
          i === 0 ? 0 : 1,
          out,
        )
      }
    },
  }
}
