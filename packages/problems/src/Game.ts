/** A two-player zero-sum game `min over x, max over y` in its operator form, on a convex set. */
export interface Game {
  readonly name: string
  /** Lengths of the two blocks of `z = (x, y)`. */
  readonly dimensions: readonly [min: number, max: number]
  /** Writes `(grad_x f, -grad_y f)` at `z` into `out`. */
  operator(z: Float64Array, out: Float64Array): void
  /** Moves `z` to the nearest point of the feasible set, in place. */
  project(z: Float64Array): void
}
