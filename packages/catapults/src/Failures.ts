/** What can go wrong in a run, with the numbers that show it. */
import { Schema } from "effect"

/** The loss left every bound, or was not finite. */
export class RunDiverged extends Schema.TaggedError<RunDiverged>()("RunDiverged", {
  step: Schema.Int,
  loss: Schema.Number,
  learningRate: Schema.Number,
  /** Learning rate over the critical rate when that was last measured. */
  ratio: Schema.Number,
}) {
  override get message(): string {
    return `diverged at step ${this.step} (loss ${this.loss}) with the learning rate ${this.learningRate}, ${Number(this.ratio.toPrecision(3))} times the critical one; go back and use ${Number(((0.9 * this.learningRate) / this.ratio).toPrecision(3))}`
  }
}

/** The tangent kernel is zero: no parameter moves any prediction, so no rate is critical. */
export class ZeroKernel extends Schema.TaggedError<ZeroKernel>()("ZeroKernel", {
  samples: Schema.Int,
}) {
  override get message(): string {
    return `the tangent kernel of ${this.samples} samples is zero: every unit is dead or every input is 0, and there is no critical rate; start from other parameters`
  }
}
