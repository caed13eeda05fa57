/** The flattest interpolant in three layers or more: not convex, so a local search from several starts. Ours. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Factorisation from "../factorisation/Factorisation.ts"
import { products } from "../factorisation/Products.ts"
import * as Initialisation from "../factorisation/Initialisation.ts"
import * as Lbfgs from "../internal/Lbfgs.ts"
import type { Measurements } from "../measurements/Measurements.ts"
import { sharpness } from "./Sharpness.ts"

export interface Search {
  readonly parameters: Float64Array
  readonly sharpness: number
  /** The largest `|<A_i, M> - b_i|`. */
  readonly residual: number
}

const outerSteps = 16

/** Iterations of L-BFGS in each outer step. */
const innerIterations = 400

interface Options {
  /** Weight of the penalty in the first outer step, three times as much after every second one; default 10. */
  readonly penalty?: number
  /** Stops where the largest `|<A_i, M> - b_i|` is at most this. */
  readonly feasibility: number
}

/**
 * Minimises `T(W) + y'r + (rho / 2) |r|^2` with `r = A(M) - b` for growing rho, and updates the multipliers y after each
 * minimisation.
 */
export const search = (
  measurements: Measurements,
  targets: Float64Array,
  shape: Factorisation.Shape,
  start: Float64Array,
  options: Options,
): Search => {
  const { feasibility, penalty = 10 } = options
  const { columns, depth, dimension, rows } = shape
  const { given: kernels } = measurements
  const flatness = sharpness(measurements, shape)
  const { prefixes, suffixes, update } = products(shape, kernels)
  const residual = new Float64Array(measurements.count)
  const multipliers = new Float64Array(measurements.count)
  const force = new Float64Array(measurements.count)
  const pull = new Float64Array(rows * columns)
  const half = new Float64Array(Math.max(...shape.widths) * columns)
  let rho = penalty

  const misfit = (x: Float64Array): void => {
    update(Factorisation.layers(shape, x))
    measurements.apply(prefixes[depth]!, residual)
    Vector.axpy(-1, targets, residual)
  }
  const lagrangian = (x: Float64Array, gradient: Float64Array): number => {
    const value = flatness.valueAndGradient(x, gradient)
    misfit(x)
    for (let i = 0; i < force.length; i++) force[i] = multipliers[i]! + rho * residual[i]!
    measurements.adjoint(force, pull)
    for (let j = 1; j <= depth; j++) {
      const [m, n] = [shape.widths[j]!, shape.widths[j - 1]!]
      const back = half.subarray(0, m * columns)
      const slope = Factorisation.layer(shape, gradient, j)
      kernels.gemm(true, false, m, columns, rows, 1, suffixes[j]!, pull, 0, back)
      kernels.gemm(false, true, m, n, columns, 1, back, prefixes[j - 1]!, 1, slope)
    }
    return value + Vector.dot(multipliers, residual) + (rho / 2) * Vector.dot(residual, residual)
  }
  let point: Float64Array = start.slice()
  for (let outer = 1; outer <= outerSteps; outer++) {
    const found = Lbfgs.minimise(lagrangian, point, {
      gradientTolerance: 1e-8 * Math.sqrt(dimension),
      maxIterations: innerIterations,
    })
    point = found.point
    misfit(point)
    if (Vector.maxAbs(residual) <= feasibility) break
    Vector.axpy(rho, residual, multipliers)
    if (outer % 2 === 0) rho *= 3
  }
  return {
    parameters: point,
    sharpness: flatness.total(point),
    residual: Vector.maxAbs(residual),
  }
}

/**
 * Interpolant of smallest T found from one start near `guess` and `starts - 1` random ones. Measurements and product must be
 * of order 1, like the penalty and the random starts; misfits up to `accept` count as 0.
 */
export const searchAll = (
  measurements: Measurements,
  targets: Float64Array,
  shape: Factorisation.Shape,
  guess: Float64Array,
  options: Options & { readonly starts: number; readonly seed: Seed.Seed; readonly accept: number },
): { readonly best: Search; readonly feasible: number } => {
  const { accept, seed, starts } = options
  const size = Vector.norm(guess) / Math.sqrt(shape.dimension)
  const runs = Array.from({ length: starts }, (_, k) => {
    const stream = RandomStream.make(seed.child(k))
    const start = Initialisation.gaussian(shape, { scale: 1, seed: seed.child(k) })
    if (k === 0) {
      stream.fillNormal(start)
      // off the saddle that unused hidden units are
      for (let i = 0; i < start.length; i++) start[i] = guess[i]! + 0.02 * size * start[i]!
    }
    return search(measurements, targets, shape, start, options)
  })
  const feasible = runs.filter(({ residual }) => residual <= accept)
  const pool = feasible.length > 0 ? feasible : runs
  const better = (a: Search, b: Search): Search => {
    if (feasible.length === 0) return b.residual < a.residual ? b : a
    return b.sharpness < a.sharpness ? b : a
  }
  return { best: pool.reduce(better), feasible: feasible.length }
}
