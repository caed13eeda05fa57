/** Outcome of an iterate: a point that may be optimal, or a proof that there is no optimum. */

/** A point that may be optimal. */
export interface Point {
  /** Laid out like `Problem.cost`: blocks, nonnegative numbers, free numbers. */
  readonly primal: Float64Array
  /** One multiplier per row; for an inequality it exceeds 0 by at most the dual residual. */
  readonly multipliers: Float64Array
  /** cost - rows^T multipliers: positive semidefinite blocks, nonnegative numbers, and the residual of the free ones. */
  readonly slack: Float64Array
  readonly primalObjective: number
  readonly dualObjective: number
  /** Largest violation of a row or of the dual equations, relative to the size of the data. */
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

/** Solution of a program, or a proof that there is none, with its errors. */
export type Solution = Solved | Infeasible | Unbounded

export interface Solved extends Omit<Point, "error"> {
  /** "stalled": rounding stopped the method before the tolerance; the residuals show the accuracy reached. */
  readonly status: "solved" | "stalled"
  readonly iterations: number
}

/**
 * No point satisfies the rows: for the multipliers (at most 0 for inequalities), rows^T multipliers <= 0 in the cone, and bounds
 * . multipliers = 1.
 */
export interface Infeasible {
  readonly status: "infeasible"
  readonly multipliers: Float64Array
  /** Norm of the violation by rows^T multipliers. */
  readonly residual: number
  readonly iterations: number
}

/**
 * The cost decreases without bound along the direction, if there is a feasible point at all. The direction satisfies the rows
 * with bounds of 0, and cost . direction = -1.
 */
export interface Unbounded {
  readonly status: "unbounded"
  readonly direction: Float64Array
  /** Norm of the violation of the rows. */
  readonly residual: number
  readonly iterations: number
}
