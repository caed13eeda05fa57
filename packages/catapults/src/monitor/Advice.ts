/**
 * What to do after a spike: a learning rate, with the reason.
 *
 * Source: derived here. The bands are those of the catapults measured in this package's experiments; the expected fall of the
 * curvature is that of one sample of a two-layer linear network, a first estimate for others.
 */
import type { Evidence, Kind } from "./Classification.ts"
import { show } from "./Show.ts"
import * as ReducedMap from "../theory/ReducedMap.ts"

/** Learning rates over the critical one: up to `safe` nothing spikes, and a catapult at `next` recovers. */
const bands = { safe: 0.9, next: 1.3 } as const

export interface Advice {
  readonly action:
    | "keep"
    | "lower the rate"
    | "roll back"
    | "next catapult"
    | "inspect the batch"
    | "inspect the numbers"
    | "watch"
  /** A rate to go on with; absent where none could be derived. */
  readonly learningRate?: number
  /** The critical rate that the advice rests on. */
  readonly criticalRate?: number
  /** Curvature after the next catapult over that before, where one is advised: from the least to the most. */
  readonly expectedDrop?: readonly [number, number]
  readonly text: string
}

/**
 * The rate to go back with after a divergence: in the safe band where the rate in use was past the critical one. Where it was not, or
 * that is not known (NaN), half the rate in use.
 */
export const rateAfterLoss = (learningRate: number, criticalRate: number): number =>
  criticalRate < learningRate ? bands.safe * criticalRate : learningRate / 2

const withRate = (
  action: Advice["action"],
  criticalRate: number | undefined,
  multiple: number,
  text: string,
  otherwise: string,
): Advice =>
  criticalRate === undefined
    ? { action, text: otherwise }
    : {
        action,
        learningRate: multiple * criticalRate,
        criticalRate,
        text: `${text} ${show(multiple * criticalRate)}, ${multiple} of the critical rate ${show(criticalRate)}`,
      }

const afterCatapult = (criticalRate: number | undefined): Advice => {
  const kappa = 2 * bands.next
  const advice = withRate(
    "next catapult",
    criticalRate,
    bands.next,
    "the run recovered; for one more catapult use a rate of",
    "the run recovered; keep the rate while the validation loss improves",
  )
  return criticalRate === undefined
    ? { ...advice, action: "keep" }
    : {
        ...advice,
        expectedDrop: ReducedMap.expectedDrop(kappa),
        text: `${advice.text}, and stop when a validation loss or the alignment stops improving`,
      }
}

const afterDivergence = (
  criticalRate: number | undefined,
  learningRate = Number.POSITIVE_INFINITY,
): Advice => {
  const next = rateAfterLoss(learningRate, criticalRate ?? Number.NaN)
  const isHalf = next === learningRate / 2
  const advice = withRate(
    "roll back",
    isHalf ? undefined : criticalRate,
    bands.safe,
    "go back to before the spike and go on with a rate of",
    "go back to before the spike and halve the rate",
  )
  return isHalf && Number.isFinite(next) ? { ...advice, learningRate: next } : advice
}

/**
 * The advice for a class. `criticalRate` is that of now where the run goes on, and that of before the spike where it does not;
 * after a divergence the rate is below `learningRate`, the one in use.
 */
export const adviseFor = (
  kind: Kind,
  evidence: Evidence,
  criticalRate: number | undefined,
  learningRate?: number,
): Advice => {
  switch (kind) {
    case "catapult":
      return afterCatapult(criticalRate)
    case "divergence":
      return afterDivergence(criticalRate, learningRate)
    case "data spike":
      return {
        action: "inspect the batch",
        text:
          evidence.batchRatio === undefined
            ? "the curvature did not cause this: look at the batch of the jump, and keep the rate"
            : `the batch of the jump had ${show(evidence.batchRatio)} times the loss of a control batch before the jump: skip it, and keep the rate`,
      }
    case "edge of stability":
      return withRate(
        "keep",
        criticalRate,
        bands.safe,
        "the curvature is at the limit; for a smooth run use a rate of",
        "the curvature is at the limit; this is stable",
      )
    case "optimizer mismatch":
      return {
        action: "lower the rate",
        text:
          evidence.preconditionedRatio === undefined
            ? "the preconditioned steps were past their limit: lower the rate, or let the second moments adapt faster"
            : `the preconditioned curvature was ${show(evidence.preconditionedRatio)} of the limit: lower the rate by that, or let the second moments adapt faster`,
      }
    case "numeric failure":
      return {
        action: "inspect the numbers",
        text: "the loss was not finite at once, without growth: look for an overflow, a division by zero or a bad sample",
      }
    case "unresolved":
      return {
        action: "watch",
        text: "nothing that was measured tells: show the monitor gradients or the curvature",
      }
  }
}
