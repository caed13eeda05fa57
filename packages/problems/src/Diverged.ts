import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"

/** A loss or a gradient stopped being finite. */
export class Diverged extends Schema.TaggedError<Diverged>()("Diverged", {
  method: Schema.String,
  /** Steps taken before the failed one. */
  step: Schema.Int,
  loss: Schema.Number,
}) {
  override get [Runtime.errorExitCode](): number {
    return 3
  }

  override get message(): string {
    return `${this.method} diverged at step ${this.step} (loss ${this.loss}); lower the learning rate or the radius`
  }
}
