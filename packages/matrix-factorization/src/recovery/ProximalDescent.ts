/** The iteration behind soft-impute: accelerated proximal gradients with restarts, and the duality gap that ends it. */
import * as Vector from "@nonconvex/numerics/Vector"
import type { Measurements } from "../measurements/Measurements.ts"
import { operatorNorm } from "./Shrinkage.ts"

/** A minimiser of `|A(X) - b|^2 / 2 + lambda |X|_*`, with the proof of how far it is from the least. */
export interface RegularisedSolution {
  /** rows x columns. */
  readonly matrix: Float64Array
  /** 0 or Infinity where `|b|^2` is out of range, like bound and gap; matrix and status are not affected. */
  readonly objective: number
  /** No matrix has a smaller objective than this. */
  readonly lowerBound: number
  /** `objective - lowerBound`. */
  readonly gap: number
  readonly rank: number
  readonly iterations: number
  /** "certified": the gap is within the tolerance. "budget": not yet. */
  readonly status: "certified" | "budget"
}

interface Problem {
  readonly measurements: Measurements
  readonly targets: Float64Array
  /** lambda. */
  readonly penalty: number
  /** Kept as it is. */
  readonly start: Float64Array
  /** At most the inverse of the largest eigenvalue of `A A*`. */
  readonly step: number
  /** The proximal operator of the nuclear norm: see `Shrinkage`. */
  readonly shrink: (z: Float64Array, threshold: number, out: Float64Array) => void
  /** Of what `shrink` wrote last. */
  readonly nuclearNorm: (x: Float64Array) => number
  /** Duality gap to stop at, relative to the objective. */
  readonly tolerance: number
  readonly maxIterations: number
  /** Iterations between two computations of the gap. */
  readonly checkEvery: number
}

/**
 * Minimises by accelerated proximal gradients (Beck and Teboulle 2009) that start again where the momentum points uphill (O'Donoghue and
 * Candès 2015; both as recalled), and stops by the duality gap. Targets must be of about size 1.
 */
export const proximalDescent = (problem: Problem): Omit<RegularisedSolution, "rank"> => {
  const { maxIterations, measurements, penalty, shrink, step, targets } = problem
  const { columns, count, rows } = measurements
  const size = rows * columns
  const residual = new Float64Array(count)
  const slope = new Float64Array(size)
  const ahead = problem.start.slice()
  let x = problem.start.slice()
  let next = new Float64Array(size)
  let momentum = 1

  const solutionAfter = (iterations: number): Omit<RegularisedSolution, "rank"> => {
    measurements.residualAndAdjoint(undefined, x, targets, 1, residual, slope)
    const norm = operatorNorm(slope, rows, columns, measurements.given)
    // -s (A(X) - b) is feasible for the dual problem
    const s = norm > penalty ? penalty / norm : 1
    const square = Vector.dot(residual, residual)
    const objective = square / 2 + penalty * problem.nuclearNorm(x)
    const lowerBound = -s * Vector.dot(residual, targets) - (s * s * square) / 2
    const gap = objective - lowerBound
    return {
      matrix: x.slice(),
      objective,
      lowerBound,
      gap,
      iterations,
      status: Math.abs(gap) <= problem.tolerance * objective ? "certified" : "budget",
    }
  }

  for (let iteration = 1; ; iteration++) {
    measurements.residualAndAdjoint(undefined, ahead, targets, 1, residual, slope)
    for (let k = 0; k < size; k++) slope[k] = ahead[k]! - step * slope[k]!
    shrink(slope, step * penalty, next)
    let uphill = 0
    for (let k = 0; k < size; k++) uphill += (ahead[k]! - next[k]!) * (next[k]! - x[k]!)
    const grown = uphill > 0 ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2
    const factor = uphill > 0 ? 0 : (momentum - 1) / grown
    momentum = grown
    for (let k = 0; k < size; k++) ahead[k] = next[k]! + factor * (next[k]! - x[k]!)
    ;[x, next] = [next, x]
    if (iteration % problem.checkEvery === 0 || iteration === maxIterations) {
      const found = solutionAfter(iteration)
      if (found.status === "certified" || iteration === maxIterations) return found
    }
  }
}
