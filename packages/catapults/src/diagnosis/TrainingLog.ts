/** A log of a training, and what is said of the run that wrote it. */

/** What the optimizer does with a gradient, with its constants. */
export type Optimizer =
  | { readonly name: "sgd" }
  | { readonly name: "momentum"; readonly momentum: number }
  | {
      readonly name: "adam"
      readonly beta1: number
      readonly beta2: number
      readonly epsilon: number
    }

/** One number a step in each column that there is; NaN where a step has none. */
export interface TrainingLog {
  /** Increasing. */
  readonly steps: Float64Array
  /** Of the batch of each step; not finite where the run said so. */
  readonly losses: Float64Array
  readonly learningRates?: Float64Array | undefined
  /** Of the gradient that each step was taken with. */
  readonly gradientNorms?: Float64Array | undefined
  /** `|g_t|^2` and `g_(t-1) . g_t`, of gradients on one batch that stays. */
  readonly squaredNorms?: Float64Array | undefined
  readonly products?: Float64Array | undefined
  /** Largest eigenvalue of the Hessian; of Adam, of the Hessian that its steps divide. */
  readonly sharpness?: Float64Array | undefined
  /** The loss of one fixed batch, at the parameters of each step. */
  readonly controls?: Float64Array | undefined
  /** Undefined where nobody said. */
  readonly optimizer?: Optimizer | undefined
  /** Samples of a batch, or all of them at every step; undefined where nobody said. */
  readonly batch?: number | "full" | undefined
}

/** The decay of the velocity that the stability limit knows; 0 of plain steps, and where nobody said. */
export const decayOf = (optimizer: Optimizer | undefined): number =>
  optimizer?.name === "momentum"
    ? optimizer.momentum
    : optimizer?.name === "adam"
      ? optimizer.beta1
      : 0

/**
 * What the learning rate times the sharpness must stay below: `2 (1 + beta)` for a velocity that is a sum, and `1 / (1 - beta)` times
 * that for Adam's, which is an average (Cohen et al. 2022, as recalled: 38 for beta 0.9).
 */
export const limitOf = (optimizer: Optimizer | undefined): number => {
  const beta = decayOf(optimizer)
  return (2 * (1 + beta)) / (optimizer?.name === "adam" ? 1 - beta : 1)
}
