/** Outcomes of runs, and the error for a diverged run with the numbers that show it. */
import type { MethodState } from "@nonconvex/problems/Method"
import * as Schema from "effect/Schema"
import type { DetectorState, Spike } from "../monitor/Spikes.ts"
import { rateAfterLoss } from "../spikes/RateAdvice.ts"
import { show } from "../spikes/Show.ts"

export type Outcome = "running" | "fitted" | "budget" | "diverged"

/** A run that has taken no step. */
export const freshRun = (detector: DetectorState) => ({
  detector,
  /** Spikes above the threshold that have ended. */
  spikes: [] as Array<Spike>,
  outcome: "running" as Outcome,
  /** Steps taken. */
  steps: 0,
  status: "running" as MethodState["status"],
  /** The last evaluated loss, and the first one. */
  loss: Number.NaN,
  first: Number.NaN,
  learningRate: Number.NaN,
  /** Learning rate over the last measured critical rate; NaN before the first measurement. */
  ratio: Number.NaN,
})

/**
 * State common to all runs: plain data that steps change in place. After a run ends, `status` stays "running" unless
 * the run diverged.
 */
export type RunState = ReturnType<typeof freshRun>

/** A loss up to this value does not count as diverged, whatever the first loss. */
const neverLost = 1e7

/** Tests whether a loss diverged: not finite, or above 1e7 times the larger of the first loss and 1. */
export const isLost = (loss: number, first: number): boolean =>
  !(loss <= neverLost * Math.max(1, first))

/** The loss exceeded the divergence bound, or was not finite. */
export class RunDiverged extends Schema.TaggedError<RunDiverged>()("RunDiverged", {
  step: Schema.Int,
  loss: Schema.Number,
  learningRate: Schema.Number,
  /** Learning rate over the critical rate at its last measurement; NaN if it was never measured. */
  ratio: Schema.Number,
}) {
  override get message(): string {
    const { learningRate, ratio } = this
    const how = Number.isNaN(ratio) ? "" : `, ${show(ratio)} times the critical rate`
    const next = show(rateAfterLoss(learningRate, learningRate / ratio))
    return `diverged at step ${this.step} (loss ${this.loss}) with the learning rate ${learningRate}${how}; return to a checkpoint and use ${next}`
  }
}

/** Error of a diverged run, with its rate over the critical rate (NaN if unknown); undefined for other runs. */
export const failureOf = ({
  learningRate,
  loss,
  outcome,
  ratio,
  steps,
}: RunState): RunDiverged | undefined =>
  outcome === "diverged" ? new RunDiverged({ step: steps, loss, learningRate, ratio }) : undefined
