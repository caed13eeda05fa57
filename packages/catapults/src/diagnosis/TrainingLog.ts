/** A training log, and the declared settings of its run. */

import * as Schema from "effect/Schema"

/** Update rule of the optimizer, with its constants as in PyTorch. */
export const Optimizer = Schema.Union([
  Schema.Struct({ name: Schema.Literal("sgd") }),
  Schema.Struct({ name: Schema.Literal("momentum"), momentum: Schema.Finite }),
  Schema.Struct({
    name: Schema.Literal("adam"),
    beta1: Schema.Finite,
    beta2: Schema.Finite,
    epsilon: Schema.Finite,
  }),
])
export type Optimizer = typeof Optimizer.Type

const Column = Schema.instanceOf(Float64Array<ArrayBufferLike>)

/** Columns with one number per step; NaN where a step has no value. */
export const TrainingLog = Schema.Struct({
  /** Increasing. */
  steps: Column,
  /** Losses of the batch of each step; non-finite values as the run recorded them. */
  losses: Column,
  learningRates: Schema.optional(Column),
  /** Norm of the gradient of each step. */
  gradientNorms: Schema.optional(Column),
  /** `|g_t|^2` and `g_(t-1) . g_t`, of gradients on one fixed batch. */
  squaredNorms: Schema.optional(Column),
  products: Schema.optional(Column),
  /** Largest eigenvalue of the Hessian; for Adam, of the preconditioned Hessian. */
  sharpness: Schema.optional(Column),
  /** The loss of one fixed batch, at the parameters of each step. */
  controls: Schema.optional(Column),
  /** Samples of the batch of each step, where they change during the run. */
  batchSizes: Schema.optional(Column),
  /** True if each loss is the mean of all steps since the previous entry, instead of one batch. */
  isAveraged: Schema.optional(Schema.Boolean),
  /** Undefined if unknown. */
  optimizer: Schema.optional(Optimizer),
  /** Samples per batch, or all of them at every step; undefined if unknown. */
  batch: Schema.optional(Schema.Union([Schema.Literal("full"), Schema.Int])),
})
export type TrainingLog = typeof TrainingLog.Type

/** The decay of the velocity in the stability limit; 0 for plain steps, and if unknown. */
export const decayOf = (optimizer: Optimizer | undefined): number =>
  optimizer?.name === "momentum"
    ? optimizer.momentum
    : optimizer?.name === "adam"
      ? optimizer.beta1
      : 0

/**
 * Stability limit of learning rate times sharpness. It is `2 (1 + beta)` for heavy-ball momentum, whose velocity is a
 * sum. For Adam's velocity, which is an average, it is `1 / (1 - beta)` times that (Cohen et al. 2022, as recalled: 38
 * for beta 0.9).
 */
export const limitOf = (optimizer: Optimizer | undefined): number => {
  const beta = decayOf(optimizer)
  return (2 * (1 + beta)) / (optimizer?.name === "adam" ? 1 - beta : 1)
}
