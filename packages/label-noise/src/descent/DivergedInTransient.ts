import * as Schema from "effect/Schema"

/** Label-noise SGD became infinite or NaN, usually before it reached the neighbourhood of the minima. */
export class DivergedInTransient extends Schema.TaggedError<DivergedInTransient>()(
  "DivergedInTransient",
  {
    /** Steps before the failed one. */
    step: Schema.Int,
    learningRate: Schema.Number,
    /** Largest stable learning rate at the start. */
    stabilityLimit: Schema.Number,
  },
) {
  override get message(): string {
    return `label-noise SGD diverged at step ${this.step} with learning rate ${this.learningRate}; the limit at the start is ${this.stabilityLimit}: lower the rate, or call warmStart first`
  }
}
