/** Linear systems of an interior-point step, in the coordinates of a scaling. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Workspace } from "@nonconvex/numerics/Workspace"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import { conic, pack, packed, type Problem, unpack } from "./Problem.ts"
import * as ScaledRows from "./ScaledRows.ts"
import type { Scaling } from "./Scaling.ts"

export interface Newton {
  /** Multiplies a vector of the cone by the rows. */
  readonly apply: (v: Float64Array) => Float64Array
  /** Multiplies numbers, one per row, by the transposed rows; the result is a vector of the cone. */
  readonly adjoint: (y: Float64Array) => Float64Array
  /**
   * Solves (A A^T) y + F free = first and F^T y = second, with A the scaled rows and F their free part. The solution is refined
   * until the residual stops decreasing.
   */
  readonly solve: (
    first: Float64Array,
    second: Float64Array,
  ) => { readonly y: Float64Array; readonly free: Float64Array }
}

/** Columns of the free variables, with one row for each row of the problem. */
const freePart = (problem: Problem): Float64Array => {
  const { bounds, free } = problem
  const width = conic(problem)
  const out = new Float64Array(bounds.length * free)
  for (let i = 0; i < bounds.length; i++) {
    const from = i * (width + free) + width
    out.set(problem.rows.subarray(from, from + free), i * free)
  }
  return out
}

/** Large arrays of the systems, in kernel memory. */
export interface Room {
  readonly scaled: Float64Array
  readonly work: ScaledRows.Room
  readonly schur: Float64Array
  readonly factor: Float64Array
  readonly free: Float64Array
  readonly solvedFree: Float64Array
  readonly inner: Float64Array
  readonly innerFactor: Float64Array
}

/** Number of doubles that `room` takes. */
export const doubles = (problem: Problem): number => {
  const [m, f] = [problem.bounds.length, problem.free]
  return ScaledRows.doubles(problem) + m * packed(problem) + 2 * m * m + 2 * m * f + 2 * f * f
}

export const room = (space: Workspace, problem: Problem): Room => {
  const [m, f] = [problem.bounds.length, problem.free]
  const free = space.f64(m * f)
  free.set(freePart(problem))
  return {
    scaled: space.f64(m * packed(problem)),
    work: ScaledRows.room(space, problem),
    schur: space.f64(m * m),
    factor: space.f64(m * m),
    free,
    solvedFree: space.f64(m * f),
    inner: space.f64(f * f),
    innerFactor: space.f64(f * f),
  }
}

/** Smallest shift of a diagonal entry, relative to it, that covers rounding. */
const leastShift = 1e-15

/** Cholesky factor of a positive semidefinite matrix, with the smallest sufficient shift of its diagonal. */
const factorise = (kernels: Kernels, n: number, a: Float64Array, factor: Float64Array): void => {
  for (let shift = 0; ; shift = Math.max(leastShift, 100 * shift)) {
    factor.set(a)
    for (let i = 0; i < n; i++) {
      const k = i * (n + 1)
      factor[k] = a[k]! * (1 + shift) + (a[k] === 0 && shift > 0 ? shift : 0)
    }
    if (kernels.cholesky(n, factor) === -1 || shift > 1) return
  }
}

const backsolve = (
  kernels: Kernels,
  n: number,
  columns: number,
  factor: Float64Array,
  b: Float64Array,
): void => {
  kernels.solveTriangular(true, false, n, columns, factor, b)
  kernels.solveTriangular(true, true, n, columns, factor, b)
}

/** Maximum number of refinements of a solution. */
const refinements = 3

/** Residual within rounding, relative to the right side. */
const exact = 1e-14

/** The Newton system at a scaling. */
export const newton = (
  kernels: Kernels,
  problem: Problem,
  { factor, free, inner, innerFactor, scaled, schur, solvedFree, work }: Room,
  scaling: Scaling,
): Newton => {
  const { bounds, inequalities, nonnegative, orders } = problem
  const m = bounds.length
  const f = problem.free
  const full = conic(problem)
  const width = packed(problem)
  ScaledRows.write(kernels, problem, work, scaling, scaled)
  const short = new Float64Array(width)
  const slack = scaling.weights.subarray(nonnegative, nonnegative + inequalities)
  kernels.syrk(false, m, width, 1, scaled, 0, schur)
  slack.forEach((weight, i) => {
    schur[i * (m + 1)] = schur[i * (m + 1)]! + weight * weight
  })
  factorise(kernels, m, schur, factor)
  solvedFree.set(free)
  if (f > 0) {
    backsolve(kernels, m, f, factor, solvedFree)
    kernels.gemm(true, false, f, f, m, 1, free, solvedFree, 0, inner)
  }
  factorise(kernels, f, inner, innerFactor)

  const once = (first: Float64Array, second: Float64Array) => {
    const y = first.slice()
    backsolve(kernels, m, 1, factor, y)
    const unknown = new Float64Array(f)
    if (f > 0) {
      unknown.set(second)
      kernels.gemv(true, m, f, 1, free, y, -1, unknown)
      backsolve(kernels, f, 1, innerFactor, unknown)
      kernels.gemv(false, m, f, -1, solvedFree, unknown, 1, y)
    }
    return { y, free: unknown }
  }
  const solve: Newton["solve"] = (first, second) => {
    const best = once(first, second)
    let residual = Infinity
    for (let round = 0; round < refinements; round++) {
      const missing = first.slice()
      kernels.gemv(false, m, m, -1, schur, best.y, 1, missing)
      const missingFree = second.slice()
      if (f > 0) {
        kernels.gemv(false, m, f, -1, free, best.free, 1, missing)
        kernels.gemv(true, m, f, -1, free, best.y, 1, missingFree)
      }
      const size = Elementary.hypot(kernels.norm(missing), kernels.norm(missingFree))
      if (!(size < residual / 2) || size <= exact * kernels.norm(first)) break
      residual = size
      const more = once(missing, missingFree)
      for (let i = 0; i < m; i++) best.y[i] = best.y[i]! + more.y[i]!
      for (let i = 0; i < f; i++) best.free[i] = best.free[i]! + more.free[i]!
    }
    return best
  }
  return {
    solve,
    apply: (v) => {
      const out = new Float64Array(m)
      pack(orders, v, short)
      kernels.gemv(false, m, width, 1, scaled, short, 0, out)
      slack.forEach((weight, i) => {
        out[i] = out[i]! + weight * v[full + i]!
      })
      return out
    },
    adjoint: (y) => {
      const out = new Float64Array(full + inequalities)
      kernels.gemv(true, m, width, 1, scaled, y, 0, short)
      unpack(orders, short, out.subarray(0, full))
      slack.forEach((weight, i) => {
        out[full + i] = weight * y[i]!
      })
      return out
    },
  }
}
