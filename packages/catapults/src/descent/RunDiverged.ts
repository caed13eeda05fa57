/** A run that is lost, with the numbers that show it. */
import * as Schema from "effect/Schema"
import { rateAfterLoss } from "../monitor/Advice.ts"
import { show } from "../monitor/Show.ts"

/** Whether a loss left every bound: past 1e7 times the first one, or 1, or not finite. */
export const isLost = (loss: number, first: number): boolean => !(loss <= 1e7 * Math.max(1, first))

/** The loss left every bound, or was not finite. */
export class RunDiverged extends Schema.TaggedError<RunDiverged>()("RunDiverged", {
  step: Schema.Int,
  loss: Schema.Number,
  learningRate: Schema.Number,
  /** Learning rate over the critical rate when that was last measured; NaN where it never was. */
  ratio: Schema.Number,
}) {
  override get message(): string {
    const { learningRate, ratio } = this
    const how = Number.isNaN(ratio) ? "" : `, ${show(ratio)} times the critical one`
    const next = show(rateAfterLoss(learningRate, learningRate / ratio))
    return `diverged at step ${this.step} (loss ${this.loss}) with the learning rate ${learningRate}${how}; go back and use ${next}`
  }
}
