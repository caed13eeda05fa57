/** State of an interior point method on a matrix game. */
import type * as Kernels from "@nonconvex/numerics/Kernels"

/** A player's side: the strategy, and the regret of each pure strategy against the best. */
export interface Side {
  readonly point: Float64Array
  readonly slack: Float64Array
  readonly center: Float64Array
  /** Value of the game for this player: u or v. */
  level: number
  readonly pointStep: Float64Array
  readonly slackStep: Float64Array
  /** Residuals of the conditions, required change of the products divided by the points, and `r + slack / point`. */
  readonly residual: Float64Array
  readonly drive: Float64Array
  readonly diagonal: Float64Array
  /** Step lengths that a further corrector must exceed. */
  readonly kept: Readonly<Record<"pointStep" | "slackStep", Float64Array>>
}

/** Both sides of a game, and the memory of a step. */
export interface InteriorPoint {
  /** A, row-major, with at least as many `rows` (of x) as `columns` (of y), and entries from 1 to 2. */
  readonly matrix: Float64Array
  readonly rows: number
  readonly columns: number
  readonly strength: number
  readonly min: Side
  readonly max: Side
  /** `sum x_i s_i + sum y_j t_j`: without regularisation the duality gap. */
  gap: number
  steps: number
  /** `stalled` if rounding prevents further progress. */
  status: "running" | "stalled"
  readonly kernels: Kernels.Kernels
  /** Rows of A scaled, the system, and a product with A. */
  readonly scaled: Float64Array
  readonly system: Float64Array
  readonly product: Float64Array
  /** Effect of u and v on y and on x, in pairs; and on the sums of x and y. */
  readonly levels: Readonly<Record<"sides" | "long" | "totals", Float64Array>>
}
