/** A constant of a problem and how far it can be trusted. */
export interface Constant {
  readonly value: number
  /** `exact`: given by a formula. `bound`: on the safe side of the true value. `estimate`: measured. */
  readonly basis: "exact" | "bound" | "estimate"
  /** One clause: the formula, or the origin of the number. */
  readonly because: string
}

/**
 * Constants that theorems assume of an objective; absent if the constant does not exist or is unknown.
 *
 * `smoothness` is the Lipschitz constant of the gradient (an upper bound when `bound`). `strongConvexity` is the modulus of
 * strong convexity, and `polyakLojasiewicz` the largest mu with `|grad f|^2 / 2 >= mu (f - minimum)` (lower bounds when `bound`).
 * `minimum` is the infimum of the objective (a lower bound when `bound`).
 */
export interface Constants {
  readonly smoothness?: Constant
  readonly strongConvexity?: Constant
  readonly polyakLojasiewicz?: Constant
  readonly minimum?: Constant
}

/** Constant given by a formula, which `because` names. */
export const exact = (value: number, because: string): Constant => ({
  value,
  basis: "exact",
  because,
})

/** Bound on a constant, on the safe side; `because` gives the reason. */
export const bound = (value: number, because: string): Constant => ({
  value,
  basis: "bound",
  because,
})
