import * as Schema from "effect/Schema"

/** Label-noise SGD left the finite numbers, usually before it came near the minima. */
export class DivergedInTransient extends Schema.TaggedError<DivergedInTransient>()(
  "DivergedInTransient",
  {
    /** Steps taken before the one that failed. */
    step: Schema.Int,
    learningRate: Schema.Number,
    /** The largest stable learning rate at the start. */
    stabilityLimit: Schema.Number,
  },
) {
  override get message(): string {
    return `label-noise SGD diverged at step ${this.step} with learning rate ${this.learningRate}; the limit at the start is ${this.stabilityLimit}: lower the rate, or call warmStart first`
  }
}
