/** Nesterov-Todd scaling: coordinates in which primal and dual are the same diagonal matrix. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { eachBlock } from "./Problem.ts"

/**
 * Primal X = R diag(values) R^T and dual S = R^-T diag(values) R^-1 for each block. For each number, x = w v and s = v / w.
 * `point` has the values of the blocks in order, then those of the numbers.
 */
export interface Scaling {
  readonly orders: ReadonlyArray<number>
  /** R of each block, row-major. */
  readonly factors: ReadonlyArray<Float64Array>
  /** R^-1 of each block, row-major. */
  readonly inverses: ReadonlyArray<Float64Array>
  /** w of each number. */
  readonly weights: Float64Array
  readonly point: Float64Array
}

/** Identities: primal and dual are the identity. */
export const identity = (orders: ReadonlyArray<number>, numbers: number): Scaling => {
  const eye = (order: number) => {
    const a = new Float64Array(order * order)
    for (let i = 0; i < order; i++) a[i * order + i] = 1
    return a
  }
  return {
    orders,
    factors: orders.map(eye),
    inverses: orders.map(eye),
    weights: new Float64Array(numbers).fill(1),
    point: new Float64Array(degree(orders, numbers)).fill(1),
  }
}

/** Degree of the barrier: the sum of the orders plus the count of numbers. */
export const degree = (orders: ReadonlyArray<number>, numbers: number): number =>
  orders.reduce((sum, order) => sum + order, numbers)

/** Computes out = T^T A T for symmetric A, or T A T^T if `outer`; all are order x order. */
const congruence = (
  kernels: Kernels,
  outer: boolean,
  order: number,
  t: Float64Array,
  a: Float64Array,
  out: Float64Array,
): void => {
  const half = new Float64Array(order * order)
  kernels.gemm(!outer, false, order, order, order, 1, t, a, 0, half)
  kernels.gemm(false, outer, order, order, order, 1, half, t, 0, out)
  symmetrise(order, out)
}

const symmetrise = (order: number, a: Float64Array): void => {
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (a[i * order + j]! + a[j * order + i]!) / 2
      a[i * order + j] = mean
      a[j * order + i] = mean
    }
  }
}

/**
 * Dual vector in scaled coordinates: R^T S R of blocks, w s of numbers. `dual` may be shorter than the cone. In that case only
 * its blocks and first numbers are scaled.
 */
export const scaleDual = (kernels: Kernels, scaling: Scaling, dual: Float64Array): Float64Array => {
  const out = new Float64Array(dual.length)
  const end = transform(scaling.orders, dual, out, (order, block, a, to) =>
    congruence(kernels, false, order, scaling.factors[block]!, a, to),
  )
  for (let i = end; i < dual.length; i++) out[i] = dual[i]! * scaling.weights[i - end]!
  return out
}

/** Primal and dual of a point in scaled coordinates, both as vectors of the cone; default `scaling.point`. */
export const unscale = (
  kernels: Kernels,
  scaling: Scaling,
): { readonly primal: Float64Array; readonly dual: Float64Array } => {
  const { orders, point, weights } = scaling
  const diagonal = new Float64Array(orders.reduce((sum, n) => sum + n * n, weights.length))
  const primal = new Float64Array(diagonal.length)
  const dual = new Float64Array(diagonal.length)
  placeDiagonal(orders, point, diagonal)
  transform(orders, diagonal, primal, (order, block, a, to) =>
    congruence(kernels, true, order, scaling.factors[block]!, a, to),
  )
  const end = transform(orders, diagonal, dual, (order, block, a, to) =>
    congruence(kernels, false, order, scaling.inverses[block]!, a, to),
  )
  for (let i = end; i < diagonal.length; i++) {
    primal[i] = diagonal[i]! * weights[i - end]!
    dual[i] = diagonal[i]! / weights[i - end]!
  }
  return { primal, dual }
}

/** Writes the values of blocks as diagonal matrices, and those of numbers unchanged. */
export const placeDiagonal = (
  orders: ReadonlyArray<number>,
  point: Float64Array,
  out: Float64Array,
): void => {
  let from = 0
  let end = 0
  out.fill(0)
  eachBlock(orders, (offset, order) => {
    for (let i = 0; i < order; i++) out[offset + i * (order + 1)] = point[from + i]!
    from += order
    end = offset + order * order
  })
  out.set(point.subarray(from), end)
}

const transform = (
  orders: ReadonlyArray<number>,
  from: Float64Array,
  to: Float64Array,
  each: (order: number, block: number, a: Float64Array, out: Float64Array) => void,
): number => {
  let end = 0
  eachBlock(orders, (offset, order, block) => {
    end = offset + order * order
    each(order, block, from.subarray(offset, end), to.subarray(offset, end))
  })
  return end
}

/**
 * Longest step from the point, at most `most`, along `direction` (a vector of the cone in scaled coordinates). At its end an
 * eigenvalue or a number becomes 0.
 */
export const longestStep = (
  kernels: Kernels,
  { orders, point }: Scaling,
  direction: Float64Array,
  most: number,
): number => {
  let least = -1 / most
  let from = 0
  let end = 0
  eachBlock(orders, (offset, order) => {
    const relative = new Float64Array(order * order)
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < order; j++) {
        const k = i * order + j
        relative[k] = direction[offset + k]! / Math.sqrt(point[from + i]! * point[from + j]!)
      }
    }
    least = Math.min(least, SymmetricEigen.eigenvalues(relative, order, kernels)[0]!)
    from += order
    end = offset + order * order
  })
  for (let i = end; i < direction.length; i++) {
    least = Math.min(least, direction[i]! / point[from + i - end]!)
  }
  return -1 / least
}

/**
 * Scaling at the primal point + step dx and the dual point + step ds, both in the coordinates of `scaling`. Undefined if
 * rounding made one of them singular.
 */
export const advance = (
  kernels: Kernels,
  scaling: Scaling,
  step: number,
  dx: Float64Array,
  ds: Float64Array,
): Scaling | undefined => {
  const { orders, point, weights } = scaling
  const factors: Array<Float64Array> = []
  const inverses: Array<Float64Array> = []
  const next = new Float64Array(point.length)
  let from = 0
  let end = 0
  let isRegular = true
  eachBlock(orders, (offset, order, block) => {
    end = offset + order * order
    if (!isRegular) return
    const values = point.subarray(from, from + order)
    const moved = (d: Float64Array) => {
      const a = d.slice(offset, end)
      for (let i = 0; i < a.length; i++) a[i] = a[i]! * step
      for (let i = 0; i < order; i++) a[i * (order + 1)] = a[i * (order + 1)]! + values[i]!
      return a
    }
    const lower = moved(dx)
    if (kernels.cholesky(order, lower) !== -1) {
      isRegular = false
      return
    }
    for (let i = 0; i < order; i++) lower.fill(0, i * order + i + 1, (i + 1) * order)
    const product = new Float64Array(order * order)
    congruence(kernels, false, order, lower, moved(ds), product)
    const pairs = SymmetricEigen.eigen(product, order, kernels)
    if (!(pairs.values[0]! > 0)) {
      isRegular = false
      return
    }
    // P = L V diag^(-1/2) and its inverse diag^(1/2) V^T L^-1, with diag^2 the eigenvalues; the rows of `vectors` are V^T
    const right = pairs.vectors.slice()
    const left = pairs.vectors.slice()
    for (let i = 0; i < order; i++) {
      const value = Math.sqrt(pairs.values[i]!)
      next[from + i] = value
      const root = Math.sqrt(value)
      for (let j = 0; j < order; j++) {
        right[i * order + j] = right[i * order + j]! / root
        left[i * order + j] = left[i * order + j]! * root
      }
    }
    const p = new Float64Array(order * order)
    kernels.gemm(false, true, order, order, order, 1, lower, right, 0, p)
    const factor = new Float64Array(order * order)
    kernels.gemm(false, false, order, order, order, 1, scaling.factors[block]!, p, 0, factor)
    // L^-1 R^-1, then the rows of V^T
    const solved = scaling.inverses[block]!.slice()
    kernels.solveTriangular(true, false, order, order, lower, solved)
    const inverse = new Float64Array(order * order)
    kernels.gemm(false, false, order, order, order, 1, left, solved, 0, inverse)
    factors.push(factor)
    inverses.push(inverse)
    from += order
  })
  if (!isRegular) return undefined
  const nextWeights = new Float64Array(weights.length)
  for (let i = 0; i < weights.length; i++) {
    const value = point[from + i]!
    const x = value + step * dx[end + i]!
    const s = value + step * ds[end + i]!
    if (!(x > 0 && s > 0)) return undefined
    next[from + i] = Math.sqrt(x * s)
    nextWeights[i] = weights[i]! * Math.sqrt(x / s)
  }
  return { orders, factors, inverses, weights: nextWeights, point: next }
}
