import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { type Problem, sizeOf } from "../problem/Problem.ts"

/** Largest observed difference of two oracles of one problem, in norm. A lower bound: they may differ more at other points. */
export interface MeasuredError {
  readonly largest: number
  readonly mean: number
  /** The standard error of the mean. */
  readonly standardError: number
  readonly points: number
}

/**
 * Measures the distance between two oracles of a problem, such as the error of float32, of another order of summation, or of
 * another machine. It evaluates them at `center` and at normal points around it with standard deviation `spread` per
 * coordinate, projected onto the set. Derived here.
 *
 * Throws InvalidInput on problems of different sizes, on a centre of another length and on fewer than 2 points.
 *
 * @example
 * ```ts import.meta.vitest
 * import { measureError, saddlePoint } from "@nonconvex/reproducible-minimax"
 * import { matrixGame } from "@nonconvex/problems"
 * import * as Products from "@nonconvex/problems/Products"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const matrix = Float64Array.of(1 / 3, -1 / 7, -1 / 7, 1 / 3)
 * const double = saddlePoint(matrixGame({ matrix, columns: 2 }))
 * const single = saddlePoint(matrixGame({ matrix, columns: 2, products: Products.float32 }))
 * const center = new Float64Array(4).fill(0.5)
 * const seen = measureError(double, single, { center, spread: 0.2, points: 50, seed: Seed.root(1) })
 * seen.largest > 1e-9 && seen.largest < single.error // => true
 * ```
 */
export const measureError = (
  first: Problem,
  second: Problem,
  options: {
    readonly center: Float64Array
    readonly spread: number
    readonly points: number
    readonly seed: Seed.Seed
  },
): MeasuredError => {
  const size = sizeOf(first)
  const { center, points, spread } = options
  if (sizeOf(second) !== size) {
    const sizes = { first: size, second: sizeOf(second) }
    invalid("measureError", "both problems must have the same size", sizes)
  }
  Require.seed("measureError", "seed", options.seed)
  Require.nonNegative("measureError", "spread", spread)
  Require.vector("measureError", "center", center, size)
  Require.count("measureError", "points", points, 2)
  const stream = RandomStream.make(options.seed.child("delta meter"))
  const z = new Float64Array(size)
  const [one, other] = [new Float64Array(size), new Float64Array(size)]
  let [largest, sum, squares] = [0, 0, 0]
  for (let k = 0; k < points; k++) {
    for (let i = 0; i < size; i++) z[i] = center[i]! + (k === 0 ? 0 : spread * stream.normal())
    first.feasible.project(z, 0, size)
    first.operator(z, one)
    second.operator(z, other)
    const error = Vector.distance(one, other)
    largest = Math.max(largest, error)
    sum += error
    squares += error * error
  }
  const mean = sum / points
  const variance = Math.max(0, squares / points - mean * mean) * (points / (points - 1))
  return { largest, mean, standardError: Math.sqrt(variance / points), points }
}
