import type { Kernels } from "@nonconvex/numerics/Kernels"
import type { FeasibleSet } from "./FeasibleSet.ts"

/** Two-player zero-sum game `min over x, max over y` in operator form, with a convex set for each player. */
export interface Game {
  readonly name: string
  /** Lengths of the two blocks of `z = (x, y)`. */
  readonly dimensions: readonly [min: number, max: number]
  /** The set of all `z`: the product of the two players' sets. */
  readonly feasible: FeasibleSet
  /** Lipschitz constant of the operator. */
  readonly smoothness: number
  /** Bound on the rounding error |computed - exact| of the operator on the feasible set; Infinity where that is unbounded. */
  readonly roundoff: number
  /** Writes `(grad_x f, -grad_y f)` at `z` into `out`. */
  operator(z: Float64Array, out: Float64Array): void
  /** Moves `z` to the nearest point of the feasible set, in place. */
  project(z: Float64Array): void
  /**
   * `max over y' of f(x, y') - min over x' of f(x', y)`: nonnegative on the feasible set, and 0 only at saddle points.
   * Absent if it has no closed form.
   */
  readonly dualityGap?: (z: Float64Array) => number
  /**
   * The game as data, for twins of methods. A game with another `operator` must drop it: `{ ...game, operator, bilinear:
   * undefined }`.
   */
  readonly bilinear?: BilinearForm | undefined
}

/** `(x - x*)^T A (y - y*)`, with products in the strict order. */
export interface BilinearForm {
  /** A, row-major. */
  readonly matrix: Float64Array
  readonly columns: number
  /** `(x*, y*)`. */
  readonly saddle: Float64Array
  readonly kernels: Kernels
}
