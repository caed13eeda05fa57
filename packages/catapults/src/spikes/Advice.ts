/**
 * Advice after a spike: what to do, with the reason.
 *
 * Source: derived here. The multiple for the next catapult comes from the catapults in this package's experiments. The expected fall of the
 * curvature holds for one sample of a two-layer linear network, and is a first estimate for others.
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
  /** Rate to go on with; absent where none could be derived. */
  readonly learningRate?: number | undefined
  /** Ratio of that rate to the one in use. */
  readonly multiple?: number | undefined
  /** Critical rate that the advice rests on. */
  readonly criticalRate?: number | undefined
  /** Curvature after the next catapult over that before, where one is advised: from the least to the most. */
  readonly expectedDrop?: readonly [number, number]
}

/** Learning rate over the critical one at which a catapult recovers. */
const next = 1.3

const inWords = ({ criticalRate, from, learningRate, multiple }: RateAdvice): string => {
  const rate =
    learningRate === undefined ? `${show(multiple!)} of the rate in use` : show(learningRate)
  const critical = criticalRate === undefined ? "" : ` of ${show(criticalRate)}`
  switch (from) {
    case "look":
      return `${rate}, ${safe} of the critical rate${critical}`
    case "sharpness":
      return `${rate}, from the critical rate${critical} that the sharpness before the rise gives`
    case "growth":
      return `${rate}, from the critical rate${critical} that the first steps of the growth give`
    case "rate before":
      return `${rate}, the one before it was raised`
    case "half":
      return `${learningRate === undefined ? "" : `${rate}, `}half the one in use, for no critical rate below it is known`
    case "nothing":
      return `${rate}, a tenth of it, for the log has no curvature`
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
  text: `the run recovered; for one more catapult use a rate of ${show(next * critical)}, ${next} of the critical rate ${show(critical)}, and stop when a validation loss or the alignment stops improving`,
})

const ofInstability = (incident: Incident): Advice => {
  const { rates, rise, run, stepOf } = incident
  const rate = rateAfter(incident)
  const words = inWords(rate)
  if (isDivergence(rise) || rise.outcome === "open") {
    const back = `go back to before step ${stepOf(rise.start + 1)}`
    return advice("roll back", `${back} and go on with a rate of ${words}`, rate)
  }
  const recovered = "the run recovered"
  if (run.optimizer === "adam") {
    const lower = `${recovered}; for one without such spikes use a rate of ${words}`
    return advice("lower the rate", lower, rate)
  }
  if (rates.critical !== undefined) return nextCatapult(rates.critical)
  const keep = `${recovered}: keep the rate while the validation loss improves`
  return run.batch === "held"
    ? advice("keep", keep)
    : advice("keep", `${keep}, or for a run without such spikes use ${words}`, rate)
}

const ofEdge = ({ rates: { critical } }: Incident): Advice => {
  const at = "the curvature is at the limit"
  if (critical === undefined) return advice("keep", `${at}; this is stable`)
  const learningRate = safe * critical
  const text = `${at}; for a smooth run use a rate of ${show(learningRate)}, ${safe} of the critical rate ${show(critical)}`
  return { action: "keep", learningRate, criticalRate: critical, text }
}

const ofData = ({ evidence, rise, run, shrinkage, stepOf }: Incident): Advice => {
  const step = stepOf(evidence.jumpAt)
  if (run.batch === "full") {
    const text = `look at what changed at step ${step}, in samples, labels or loss, and keep the rate`
    return advice("inspect the data", text)
  }
  const notes = [
    ...(rise.outcome === "closed"
      ? []
      : ["go back to before that step, for the loss has not come back"]),
    ...(shrinkage !== undefined && shrinkage.times > 1.5
      ? [
          `its gradient makes Adam's steps about ${show(shrinkage.times)} times shorter, and is forgotten after some ${show(shrinkage.steps)} of them: restore what Adam had before it, or leave the batch out`,
        ]
      : []),
  ]
  // a loss of samples that stay is of the parameters that the step before led to
  const where = run.batch === "held" ? `before step ${step}` : `of step ${step}`
  return advice(
    "inspect the batch",
    [`look at the batch ${where}, and keep the rate`, ...notes].join("; "),
  )
}

/** Advice for a verdict: a rate only where the rate was the cause, or may have been and the run is lost. */
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
          run.batch === "full" ? "" : ", and for a sample that is no number"
        }; go back to before it`,
      )
    case "overshoot":
      return advice("keep", "nothing to do; less momentum swings less")
    case "unresolved": {
      if (evidence.isAtOnce || rise.outcome === "closed") {
        return advice("measure", "nothing to change before it is known")
      }
      const rate = rateAfter(incident)
      return advice(
        "measure",
        `should it have been the rate, go back and use ${inWords(rate)}`,
        rate,
      )
    }
  }
}
