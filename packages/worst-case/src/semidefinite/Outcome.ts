/** Outcome of an iterate: a point that may be optimal, or the proof that there is no optimum. */

/** A point that may be optimal. */
export interface Point {
  /** As `Problem.cost`: blocks, nonnegative numbers, free numbers. */
  readonly primal: Float64Array
  /** One multiplier per row; for an inequality at most the residual of the dual above 0. */
  readonly multipliers: Float64Array
  /** cost - rows^T multipliers: positive semidefinite blocks, nonnegative numbers, and the residual of the free ones. */
  readonly slack: Float64Array
  readonly primalObjective: number
  readonly dualObjective: number
  /** Largest violation of a row, and of the equations of the dual, relative to the size of the data. */
  readonly primalResidual: number
  readonly dualResidual: number
  /** |primal - dual objective| / (1 + their size). */
  readonly gap: number
  /** The largest of residuals and gap. */
  readonly error: number
}

/** A proof that there is no optimum. */
export interface Ray {
  readonly kind: "infeasible" | "unbounded"
  readonly values: Float64Array
  readonly residual: number
}

/** Solution of a program, or a proof that there is none; every number with what it misses. */
export type Solution = Solved | Infeasible | Unbounded

export interface Solved extends Omit<Point, "error"> {
  /** "stalled": rounding has stopped the method before the tolerance; the residuals say where. */
  readonly status: "solved" | "stalled"
  readonly iterations: number
}

/** No point satisfies the rows: the multipliers (not above 0 for inequalities) have rows^T multipliers <= 0 in the cone, and bounds . multipliers = 1. */
export interface Infeasible {
  readonly status: "infeasible"
  readonly multipliers: Float64Array
  /** Norm of what rows^T multipliers lacks. */
  readonly residual: number
  readonly iterations: number
}

/**
 * The cost falls without end along the direction, if there is a feasible point at all. The direction satisfies the rows with
 * bounds of 0, and cost . direction = -1.
 */
export interface Unbounded {
  readonly status: "unbounded"
  readonly direction: Float64Array
  /** Norm of what the rows lack. */
  readonly residual: number
  readonly iterations: number
}
