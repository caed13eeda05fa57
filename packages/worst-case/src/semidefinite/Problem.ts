/** Semidefinite programs in dense form. */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"

/**
 * Minimise `cost . x` where `row_i . x <= bound_i` for the first `inequalities` rows and `row_i . x = bound_i` for the others.
 *
 * x holds its parts one after the other. The symmetric positive semidefinite blocks come first (row-major, order^2 numbers
 * each), then the nonnegative numbers, then the free ones. Each block of a row or of the cost is the symmetric matrix of an
 * inner product.
 */
export interface Problem {
  /** Orders of the semidefinite blocks. */
  readonly orders: ReadonlyArray<number>
  /** Number of nonnegative variables. */
  readonly nonnegative: number
  /** Number of free variables. */
  readonly free: number
  /** Row-major, with as many rows as bounds, each as long as `cost`. */
  readonly rows: Float64Array
  readonly bounds: Float64Array
  /** Number of rows that are at most their bound; the later ones equal it. */
  readonly inequalities: number
  readonly cost: Float64Array
}

/** Number of variables in the blocks and the nonnegative part. */
export const conic = ({ nonnegative, orders }: Problem): number =>
  orders.reduce((sum, order) => sum + order * order, nonnegative)

/** Calls `visit` with the offset and the order of each block. */
export const eachBlock = (
  orders: ReadonlyArray<number>,
  visit: (offset: number, order: number, block: number) => void,
): void => {
  let offset = 0
  orders.forEach((order, block) => {
    visit(offset, order, block)
    offset += order * order
  })
}

const requireSymmetric = (name: string, values: Float64Array, offset: number, order: number) => {
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < i; j++) {
      if (values[offset + i * order + j] !== values[offset + j * order + i]) {
        invalid("Semidefinite.solve", `the blocks of ${name} must be symmetric`, { i, j })
      }
    }
  }
}

/** Throws InvalidInput on wrong lengths, numbers that are not finite, and blocks that are not symmetric. */
export const check = (problem: Problem): void => {
  const { bounds, cost, free, inequalities, nonnegative, orders, rows } = problem
  const operation = "Semidefinite.solve"
  for (const order of orders) Require.count(operation, "order", order)
  Require.count(operation, "nonnegative", nonnegative, 0)
  Require.count(operation, "free", free, 0)
  Require.count(operation, "inequalities", inequalities, 0, bounds.length)
  const width = conic(problem) + free
  Require.vector(operation, "cost", cost, width)
  Require.vector(operation, "rows", rows, width * bounds.length)
  Require.allFinite(operation, "bounds", bounds)
  eachBlock(orders, (offset, order) => {
    requireSymmetric("cost", cost, offset, order)
    for (let i = 0; i < bounds.length; i++) {
      requireSymmetric("rows", rows, i * width + offset, order)
    }
  })
}

/** Numbers of the packed blocks and the nonnegative part. */
export const packed = ({ nonnegative, orders }: Problem): number =>
  orders.reduce((sum, order) => sum + (order * (order + 1)) / 2, nonnegative)

/**
 * Lower triangles of the blocks, with off-diagonal entries times sqrt 2 to preserve inner products. The first of the numbers
 * follow, as many as `out` has room for.
 */
export const pack = (
  orders: ReadonlyArray<number>,
  full: Float64Array,
  out: Float64Array,
): void => {
  let to = 0
  let end = 0
  eachBlock(orders, (offset, order) => {
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < i; j++) out[to++] = full[offset + i * order + j]! * Math.SQRT2
      out[to++] = full[offset + i * order + i]!
    }
    end = offset + order * order
  })
  out.set(full.subarray(end, end + out.length - to), to)
}

/** Inverse of `pack`. */
export const unpack = (
  orders: ReadonlyArray<number>,
  from: Float64Array,
  full: Float64Array,
): void => {
  let at = 0
  let end = 0
  eachBlock(orders, (offset, order) => {
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < i; j++) {
        const value = from[at++]! / Math.SQRT2
        full[offset + i * order + j] = value
        full[offset + j * order + i] = value
      }
      full[offset + i * order + i] = from[at++]!
    }
    end = offset + order * order
  })
  full.set(from.subarray(at), end)
}
