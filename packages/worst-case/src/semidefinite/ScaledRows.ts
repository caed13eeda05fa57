/** Rows of a program in the coordinates of a scaling, many at a time: two large matrix products per block. */
import type { Workspace } from "@nonconvex/numerics/Workspace"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import { conic, eachBlock, packed, type Problem } from "./Problem.ts"
import type { Scaling } from "./Scaling.ts"

/** Matrices of rows that are multiplied together, in kernel memory. */
export interface Room {
  readonly matrices: Float64Array
  readonly products: Float64Array
  /** Number of rows that are multiplied together. */
  readonly rows: number
}

/** Maximum number of entries of matrices that are multiplied together, so that they fit into a cache. */
const atOnce = 2 ** 15

const largestBlock = ({ orders }: Problem): number =>
  orders.reduce((most, order) => Math.max(most, order * order), 1)

const rowsOf = (problem: Problem): number =>
  Math.min(problem.bounds.length, Math.max(1, Math.floor(atOnce / largestBlock(problem))))

/** Number of doubles that `room` takes. */
export const doubles = (problem: Problem): number => 2 * rowsOf(problem) * largestBlock(problem)

export const room = (space: Workspace, problem: Problem): Room => {
  const rows = rowsOf(problem)
  const size = rows * largestBlock(problem)
  return { matrices: space.f64(size), products: space.f64(size), rows }
}

/** Writes R^T A R for the blocks of all rows and w a for their numbers, packed, with as many rows as bounds. */
export const write = (
  kernels: Kernels,
  problem: Problem,
  { matrices, products, rows: most }: Room,
  scaling: Scaling,
  out: Float64Array,
): void => {
  const { bounds, cost, nonnegative, orders, rows } = problem
  const width = packed(problem)
  let to = 0
  eachBlock(orders, (offset, n, block) => {
    const factor = scaling.factors[block]!
    const size = n * n
    for (let first = 0; first < bounds.length; first += most) {
      const count = Math.min(most, bounds.length - first)
      const [a, product] = [matrices.subarray(0, count * size), products.subarray(0, count * size)]
      for (let i = 0; i < count; i++) {
        const from = (first + i) * cost.length + offset
        a.set(rows.subarray(from, from + size), i * size)
      }
      kernels.gemm(false, false, count * n, n, n, 1, a, factor, 0, product)
      // the transposes of A R, which are R^T A
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < n; j++) {
          for (let k = 0; k < n; k++) a[i * size + j * n + k] = product[i * size + k * n + j]!
        }
      }
      kernels.gemm(false, false, count * n, n, n, 1, a, factor, 0, product)
      for (let i = 0; i < count; i++) {
        let at = (first + i) * width + to
        for (let j = 0; j < n; j++) {
          const [row, column] = [i * size + j * n, i * size + j]
          for (let k = 0; k < j; k++) {
            out[at++] = (product[row + k]! + product[column + k * n]!) * Math.SQRT1_2
          }
          out[at++] = product[row + j]!
        }
      }
    }
    to += (n * (n + 1)) / 2
  })
  const end = conic(problem) - nonnegative
  for (let i = 0; i < bounds.length; i++) {
    for (let j = 0; j < nonnegative; j++) {
      out[i * width + to + j] = rows[i * cost.length + end + j]! * scaling.weights[j]!
    }
  }
}
