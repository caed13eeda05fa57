/** Errors of a network or its data. */
import * as Schema from "effect/Schema"

/** The network does not fit its labels, so it is not on the manifold of minima. */
export class NotInterpolating extends Schema.TaggedError<NotInterpolating>()("NotInterpolating", {
  residual: Schema.Number,
  tolerance: Schema.Number,
}) {
  override get message(): string {
    return `the network misses a label by ${this.residual}, more than ${this.tolerance}; fit it first (warmStart), or use fewer data points`
  }
}

/** The rows of the data are linearly dependent (always for more rows than columns), so no single solve gives the limit. */
export class SingularGram extends Schema.TaggedError<SingularGram>()("SingularGram", {
  size: Schema.Int,
  dimension: Schema.Int,
  smallestEigenvalue: Schema.Number,
}) {
  override get message(): string {
    return `the ${this.size} data points of dimension ${this.dimension} are linearly dependent (smallest eigenvalue of the Gram matrix ${this.smallestEigenvalue}); use at most ${this.dimension} independent data points`
  }
}

/** The activation has a nonpositive slope where its inverse is needed. */
export class NotIncreasing extends Schema.TaggedError<NotIncreasing>()("NotIncreasing", {
  activation: Schema.String,
  z: Schema.Number,
  slope: Schema.Number,
}) {
  override get message(): string {
    return `the activation ${this.activation} has slope ${this.slope} at ${this.z}; the flat limit needs an increasing activation that reaches every label / neurons`
  }
}
