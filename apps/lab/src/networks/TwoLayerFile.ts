/** Two-layer network as a file: activations covered by the theory of label noise, and output weights of 1. */
import * as Schema from "effect/Schema"

const Numbers = Schema.Array(Schema.Finite)

/** The names of the activations: `z^3 + slope z`, and `sinh z`. */
export const activations = ["cubic", "sinh"] as const

/** `sum_j phi(w_j . x + b_j)` on scaled inputs x, for a real target. */
export const TwoLayerFile = Schema.Struct({
  format: Schema.Literal(2),
  /** The data that it was fitted to, and how many of the first training rows. */
  data: Schema.String,
  rows: Schema.Int.check(Schema.isGreaterThan(0)),
  activation: Schema.Struct({
    name: Schema.Literals(activations),
    /** Slope of `cubic`; positive. */
    slope: Schema.Finite.check(Schema.isGreaterThan(0)),
  }),
  neurons: Schema.Int.check(Schema.isGreaterThan(0)),
  /** Neuron after neuron: its weights, then its bias. */
  theta: Numbers,
  /** The columns that it reads, in this order. */
  features: Schema.Array(Schema.String),
  /** Input `j` is `(feature_j - shift_j) / scale_j`. */
  inputs: Schema.Struct({ shift: Numbers, scale: Numbers }),
  /** A value is `shift + scale * output`. */
  target: Schema.Struct({ shift: Schema.Finite, scale: Schema.Finite }),
})
export type TwoLayerFile = typeof TwoLayerFile.Type
