/**
 * Advice after a spike: the next action and its reason.
 *
 * Source: derived here. The multiple for the next catapult comes from the catapults in this package's experiments. The
 * expected fall of the curvature is exact for one sample of a two-layer linear network, and a first estimate for
 * others.
 */
import * as ReducedMap from "../theory/ReducedMap.ts"
import type { Incident } from "./Evidence.ts"
import { type RateAdvice, rateAfter, safe } from "./RateAdvice.ts"
import { isDivergence } from "./Kinds.ts"
import type { Verdict } from "./Rules.ts"
import { show } from "./Show.ts"

export interface Advice {
  readonly action:
    | "keep"
    | "roll back"
    | "lower the rate"
    | "next catapult"
    | "inspect the batch"
    | "inspect the data"
    | "inspect the numbers"
    | "measure"
  readonly text: string
  /** Rate with which to continue; absent if none could be derived. */
  readonly learningRate?: number | undefined
  /** Ratio of that rate to the one in use. */
  readonly multiple?: number | undefined
  /** Critical rate on which the advice is based. */
  readonly criticalRate?: number | undefined
  /** Curvature after the next advised catapult over that before it, as a range. */
  readonly expectedDrop?: readonly [number, number]
}

/** Learning rate over the critical rate at which a catapult recovers. */
const next = 1.3

const inWords = ({ criticalRate, from, learningRate, multiple }: RateAdvice): string => {
  const rate =
    learningRate === undefined ? `${show(multiple!)} times the current rate` : show(learningRate)
  const critical = criticalRate === undefined ? "" : ` of ${show(criticalRate)}`
  switch (from) {
    case "look":
      return `${rate} (${safe} times the critical rate${critical})`
    case "sharpness":
      return `${rate}, from the critical rate${critical} given by the sharpness before the rise`
    case "growth":
      return `${rate}, from the critical rate${critical} given by the first growing steps`
    case "rate before":
      return `${rate}, its value before it was raised`
    case "half":
      return `${learningRate === undefined ? "" : `${rate}, `}half the current rate, since no lower critical rate is known`
    case "nothing":
      return `${rate}, a cautious tenth, since the log has no curvature`
  }
}

const advice = (action: Advice["action"], text: string, rate?: RateAdvice): Advice => ({
  action,
  text,
  ...(rate === undefined
    ? {}
    : {
        learningRate: rate.learningRate,
        multiple: rate.multiple,
        criticalRate: rate.criticalRate,
      }),
})

const nextCatapult = (critical: number): Advice => ({
  action: "next catapult",
  learningRate: next * critical,
  criticalRate: critical,
  expectedDrop: ReducedMap.expectedDrop(2 * next),
  text: `the run recovered; for another catapult use a rate of ${show(next * critical)} (${next} times the critical rate ${show(critical)}), and stop when the validation loss or the alignment no longer improves`,
})

const ofInstability = (incident: Incident): Advice => {
  const { rates, rise, run, stepOf } = incident
  const rate = rateAfter(incident)
  const words = inWords(rate)
  if (isDivergence(rise) || rise.outcome === "open") {
    const back = `return to a checkpoint before step ${stepOf(rise.start + 1)}`
    return advice("roll back", `${back} and continue with a rate of ${words}`, rate)
  }
  const recovered = "the run recovered"
  if (run.optimizer === "adam") {
    const lower = `${recovered}; to avoid such spikes use a rate of ${words}`
    return advice("lower the rate", lower, rate)
  }
  if (rates.critical !== undefined) return nextCatapult(rates.critical)
  const keep = `${recovered}: keep the rate while the validation loss improves`
  return run.batch === "held"
    ? advice("keep", keep)
    : advice("keep", `${keep}, or to avoid such spikes use ${words}`, rate)
}

const ofEdge = ({ rates: { critical } }: Incident): Advice => {
  const at = "the curvature is at the limit"
  if (critical === undefined) return advice("keep", `${at}; this is stable`)
  const learningRate = safe * critical
  const text = `${at}; for a smooth run use a rate of ${show(learningRate)} (${safe} times the critical rate ${show(critical)})`
  return { action: "keep", learningRate, criticalRate: critical, text }
}

const ofData = ({ evidence, rise, run, shrinkage, stepOf }: Incident): Advice => {
  const step = stepOf(evidence.jumpAt)
  if (run.batch === "full") {
    const text = `check for a change in samples, labels or loss at step ${step}, and keep the rate`
    return advice("inspect the data", text)
  }
  const notes = [
    ...(rise.outcome === "closed"
      ? []
      : [
          "since the loss has not recovered, the later data may have changed too, such as their labels: inspect the batches from that step on, and return to a checkpoint before it",
        ]),
    ...(shrinkage !== undefined && shrinkage.times > 1.5
      ? [
          `its gradient makes Adam's steps about ${show(shrinkage.times)} times shorter for some ${show(shrinkage.steps)} steps: restore Adam's state from before it, or skip the batch`,
        ]
      : []),
  ]
  // a loss of samples that stay is of the parameters that the step before led to
  const where = run.batch === "held" ? `before step ${step}` : `of step ${step}`
  return advice(
    "inspect the batch",
    [`inspect the batch ${where}, and keep the rate`, ...notes].join("; "),
  )
}

/**
 * Advice for a verdict. It includes a rate only if the rate was the cause, or may have been the cause of a diverged
 * run.
 */
export const adviceFor = (incident: Incident, { cause }: Verdict): Advice => {
  const { evidence, rise, run, stepOf } = incident
  switch (cause) {
    case "instability":
      return ofInstability(incident)
    case "edge":
      return ofEdge(incident)
    case "data":
      return ofData(incident)
    case "numbers":
      return advice(
        "inspect the numbers",
        `look for an overflow, a division by zero or the logarithm of 0 at step ${stepOf(evidence.jumpAt)}${
          run.batch === "full" ? "" : ", and for a sample that is not finite"
        }; return to a checkpoint before it`,
      )
    case "overshoot":
      return advice("keep", "nothing to do; less momentum oscillates less")
    case "unresolved": {
      if (evidence.isAtOnce || rise.outcome === "closed") {
        return advice("measure", "change nothing until the cause is known")
      }
      const rate = rateAfter(incident)
      return advice(
        "measure",
        `if the rate was the cause, return to an earlier checkpoint and use ${inWords(rate)}`,
        rate,
      )
    }
  }
}
