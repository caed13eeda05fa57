/** Minimum of a convex quadratic over nonnegative weights that sum to 1. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"

/** Ridge on the diagonal, relative to its largest entry, so that equal points do no harm. */
const ridge = 1e-13

/** Smallest amount, relative to their size, by which a slope must lie below the others to count. */
const slack = 1e-13

const rowOf = (q: Float64Array, n: number, i: number): Float64Array =>
  q.subarray(i * n, (i + 1) * n)

/** Minimum on the affine hull of a support: weights sum to 1 and may be negative. */
const onHull = (
  kernels: Kernels,
  n: number,
  q: Float64Array,
  c: Float64Array,
  support: ReadonlyArray<number>,
): Float64Array => {
  const m = support.length
  const factor = new Float64Array(m * m)
  let largest = 0
  for (let i = 0; i < n; i++) largest = Math.max(largest, q[i * (n + 1)]!)
  support.forEach((i, a) => {
    support.forEach((j, b) => {
      factor[a * m + b] = q[i * n + j]! + (a === b ? ridge * largest + Number.MIN_VALUE : 0)
    })
  })
  kernels.cholesky(m, factor)
  const solve = (b: Float64Array) => {
    kernels.solveTriangular(true, false, m, 1, factor, b)
    kernels.solveTriangular(true, true, m, 1, factor, b)
    return b
  }
  const ones = solve(new Float64Array(m).fill(1))
  const weights = solve(Float64Array.from(support, (i) => -c[i]!))
  const sum = (x: Float64Array) => x.reduce((total, value) => total + value, 0)
  Vector.axpy((1 - sum(weights)) / sum(ones), ones, weights)
  return weights
}

/**
 * Weights that minimise w' q w / 2 + c . w, by active sets (Wolfe, Finding the nearest point in a polytope, 1976). q is
 * symmetric positive semidefinite, n x n.
 */
export const minimise = (kernels: Kernels, n: number, q: Float64Array, c: Float64Array) => {
  const weights = new Float64Array(n)
  let start = 0
  const atVertex = (i: number) => q[i * (n + 1)]! / 2 + c[i]!
  for (let i = 1; i < n; i++) if (atVertex(i) < atVertex(start)) start = i
  weights[start] = 1
  const support = [start]
  for (let round = 0; round < 20 * n; round++) {
    const slopes = Float64Array.from(
      { length: n },
      (_, i) => Vector.dot(rowOf(q, n, i), weights) + c[i]!,
    )
    const level = Vector.dot(slopes, weights)
    let least = 0
    for (let i = 1; i < n; i++) if (slopes[i]! < slopes[least]!) least = i
    const isLeast = slopes[least]! >= level - slack * (1 + Vector.maxAbs(slopes))
    if (isLeast || support.includes(least)) break
    support.push(least)
    for (;;) {
      const target = onHull(kernels, n, q, c, support)
      let step = 1
      let leaves = -1
      support.forEach((i, a) => {
        const to = target[a]!
        const from = weights[i]!
        if (to <= 0 && from - to > 0 && from / (from - to) < step) {
          step = from / (from - to)
          leaves = a
        }
      })
      support.forEach((i, a) => {
        weights[i] = weights[i]! + step * (target[a]! - weights[i]!)
      })
      if (leaves === -1) break
      weights[support[leaves]!] = 0
      support.splice(leaves, 1)
    }
  }
  return weights
}
