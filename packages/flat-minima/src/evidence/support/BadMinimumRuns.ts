/** Settings and columns of the runs from a bad minimum. */
import { Count, Fraction, Positive, Share } from "@nonconvex/problems/Fields"
import { Schema } from "effect"

export const names = ["SGD", "label noise", "SAM", "RS", "SA"] as const

export const Contender = Schema.Struct({
  method: Schema.Literals(names),
  learningRate: Positive,
  /** Radius of SAM, RS and SA, standard deviation of label noise; without meaning for SGD. */
  strength: Positive,
})
export type Contender = typeof Contender.Type

export const Config = Schema.Struct({
  /** Default Fashion-MNIST; CIFAR-10, in grey, needs a folder with its files. */
  images: Schema.optionalKey(Schema.Literals(["fashion-mnist", "cifar-10"])),
  perClass: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 })),
  hidden: Count,
  /** Share of labels that are redrawn for the bad minimum. */
  wrong: Share,
  contenders: Schema.Array(Contender).check(Schema.isMinLength(1)),
  batchSize: Count,
  /** Single-sample gradient calls of a method per training sample. */
  budget: Count,
  /** Number of measurements of the run. */
  looks: Count,
  /** eps0 of RS and SA: they perturb if the gradient norm is at most this. */
  gradientThreshold: Positive,
  fitRate: Positive,
  fitSteps: Count,
  tolerance: Fraction,
  runs: Count,
})
export type Config = typeof Config.Type

export const Columns = Schema.Struct({
  method: Schema.Literals(["fresh start", "bad minimum", ...names]),
  run: Schema.Int,
  /** Single-sample gradient calls so far, per training sample. */
  calls: Schema.Finite,
  /**
   * Training loss at the current point, and after plain descent from there to below the tolerance; later columns are measured
   * there too.
   */
  rawLoss: Schema.Number,
  loss: Schema.Number,
  settling: Schema.Int,
  /** Exact: the network is piecewise linear. */
  trace: Schema.Number,
  testError: Schema.Number,
  isLast: Schema.Boolean,
})
export type Row = typeof Columns.Type
