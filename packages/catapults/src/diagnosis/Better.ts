/** Candidate causes of an unresolved rise, and the one number that would settle it. */
import { known } from "./Episodes.ts"
import type { Evidence, Incident, Rise } from "../spikes/Evidence.ts"
import { isDivergence } from "../spikes/Kinds.ts"
import type { Verdict } from "../spikes/Rules.ts"
import { mayDiffer, raised, stepsOf } from "../spikes/Signs.ts"
import { show } from "../spikes/Show.ts"
import { limitOf, type TrainingLog } from "./TrainingLog.ts"

/** Describes the position of a rise in the steps of the log. */
const place = ({ steps }: TrainingLog, k: number) => steps[Math.max(0, k)]!

/** Tests whether an episode has too few earlier losses to distinguish full batches from small ones. */
const isEarly = ({ rise, run }: Incident): boolean => run.batch === undefined && rise.calm <= known

/**
 * Tests whether a bad batch remains possible: the log does not state the batch size, and only smooth gradients would exclude
 * it.
 */
const isUnknown = ({ evidence, run }: Incident): boolean =>
  run.batch === undefined && evidence.isSmooth !== true

/** Candidate causes of an unresolved rise. */
export const candidatesOf = (incident: Incident): ReadonlyArray<string> => {
  const { evidence, rise, run } = incident
  if (evidence.isAtOnce) return ["a numerical failure", "a rate far above the stability limit"]
  const { earlierRaise = 1, rateRaise = 1, sinceRaise } = evidence
  const raise =
    Math.max(earlierRaise, rateRaise) < raised
      ? ""
      : rateRaise >= earlierRaise
        ? `, at a rate raised by a factor of ${show(rateRaise)} just before`
        : `, at a rate raised by a factor of ${show(earlierRaise)} ${stepsOf(evidence, sinceRaise!)} earlier`
  const isSwinging = run.optimizer !== "sgd" && evidence.ramp >= 2
  return [
    ...(rise.rougher === undefined ? [] : ["smaller batches or other data from here on"]),
    ...(mayDiffer(run, rise) || isUnknown(incident) ? ["a bad or unusual batch"] : []),
    `steps above the stability limit${raise}`,
    ...(isSwinging ? ["an oscillation of momentum"] : []),
    ...(run.batch === "full" && evidence.ramp < 2
      ? ["a change of the data or the loss at this step"]
      : []),
  ]
}

const sharpnessBefore = (log: TrainingLog, { start }: Rise): string => {
  const of = log.optimizer?.name === "adam" ? "preconditioned Hessian of Adam" : "Hessian"
  const rate = log.learningRates === undefined ? ", with the rate (--rate)" : ""
  return `the largest eigenvalue of the ${of} at step ${place(log, start)} (--sharpness)${rate}: times the learning rate it exceeds ${show(limitOf(log.optimizer))} only in an instability`
}

const controlAt = (log: TrainingLog, { jumpAt }: Evidence): string =>
  `the loss of one fixed batch at steps ${place(log, jumpAt - 1)} and ${place(log, jumpAt)} (--control): unchanged if a batch was bad, higher if the parameters moved`

/** The measurement that would best decide the cause. */
export const betterFor = (
  log: TrainingLog,
  incident: Incident,
  { cause, confidence }: Verdict,
): string => {
  const { evidence, rise, run } = incident
  if (evidence.isAtOnce && !evidence.isConsecutive) {
    return `the loss and the norm of the gradient of every step from ${place(log, rise.start)} to ${place(log, rise.onset)} (--gradient-norm): unchanged until the last step if the numbers failed, growing if the rate was too high`
  }
  if (cause === "numbers" || evidence.isAtOnce) {
    const isKnown = Number.isFinite(log.gradientNorms?.[evidence.jumpAt - 1])
    return confidence === "measured" || isKnown
      ? `the first layer whose output or gradient was not finite at step ${place(log, evidence.jumpAt)}`
      : `the norm of the gradient at step ${place(log, evidence.jumpAt - 1)} (--gradient-norm): finite and unchanged if the numbers failed, larger if the rate was too high`
  }
  if (cause === "data") {
    return confidence === "measured"
      ? `the loss of the batch of step ${place(log, evidence.jumpAt)} at other parameters: if it is high there too, the batch is bad`
      : controlAt(log, evidence)
  }
  if (cause === "unresolved" && (mayDiffer(run, rise) || isEarly(incident)))
    return controlAt(log, evidence)
  if (confidence === "measured") {
    if (isDivergence(rise)) return "nothing more: the sharpness before the divergence is known"
    return evidence.ratioAfter === undefined
      ? `the sharpness after step ${place(log, rise.end)} (--sharpness): whether it fell below the limit`
      : "nothing more: the sharpness before and after is known"
  }
  return sharpnessBefore(log, rise)
}
