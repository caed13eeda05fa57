/** What an iterate says of a program: a point that may be optimal, or that there is no optimum. */

/** A point that may be optimal. */
export interface Point {
  /** As `Problem.cost`: blocks, nonnegative numbers, free numbers. */
  readonly primal: Float64Array
  /** One for each row; above 0 for an inequality by no more than the residual of the dual. */
  readonly multipliers: Float64Array
  /** cost - rows^T multipliers: positive semidefinite blocks, nonnegative numbers, and what is left of the free ones. */
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
