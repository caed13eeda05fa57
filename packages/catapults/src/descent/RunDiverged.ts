/** Ends of runs, and the error of a lost one with the numbers that show it. */
import type { MethodState } from "@nonconvex/problems/Method"
import * as Schema from "effect/Schema"
import type { DetectorState, Spike } from "../monitor/Spikes.ts"
import { rateAfterLoss } from "../spikes/RateAdvice.ts"
import { show } from "../spikes/Show.ts"

export type Outcome = "running" | "fitted" | "budget" | "diverged"

/** A run that has taken no step. */
export const freshRun = (detector: DetectorState) => ({
  detector,
  /** Those past the threshold that are over. */
  spikes: [] as Array<Spike>,
  outcome: "running" as Outcome,
  /** Steps taken. */
  steps: 0,
  status: "running" as MethodState["status"],
  /** The loss as last evaluated, and when first. */
  loss: Number.NaN,
  first: Number.NaN,
  learningRate: Number.NaN,
  /** Learning rate over the critical one as last measured; NaN before. */
  ratio: Number.NaN,
})

/** State that every run keeps: plain data that its steps change in place. After the end of a run `status` stays "running" unless it is lost. */
export type RunState = ReturnType<typeof freshRun>

/** A loss up to this is not lost, whatever the first one. */
const neverLost = 1e7

/** Tests whether a loss diverged: past 1e7 times the first one, or 1, or not finite. */
export const isLost = (loss: number, first: number): boolean =>
  !(loss <= neverLost * Math.max(1, first))

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
    const how = Number.isNaN(ratio) ? "" : `, ${show(ratio)} times the critical rate`
    const next = show(rateAfterLoss(learningRate, learningRate / ratio))
    return `diverged at step ${this.step} (loss ${this.loss}) with the learning rate ${learningRate}${how}; return to a checkpoint and use ${next}`
  }
}

/** Error of a lost run, with its rate over the critical one (NaN where that is unknown); undefined for other runs. */
export const failureOf = ({
  learningRate,
  loss,
  outcome,
  ratio,
  steps,
}: RunState): RunDiverged | undefined =>
  outcome === "diverged" ? new RunDiverged({ step: steps, loss, learningRate, ratio }) : undefined
