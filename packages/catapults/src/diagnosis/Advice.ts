/** What to do after an episode, and what would decide it better. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { show } from "../monitor/Show.ts"
import { type Episode, known } from "./Episodes.ts"
import { type RateAdvice, rateAfter } from "./RateAdvice.ts"
import type { Signs } from "./Signs.ts"
import { limitOf, type TrainingLog } from "./TrainingLog.ts"
import { type Given, mayDiffer, type Verdict } from "./Verdict.ts"

export type Action =
  | "keep"
  | "roll back"
  | "lower the rate"
  | "inspect the batch"
  | "inspect the data"
  | "inspect the numbers"
  | "measure"

export interface LogAdvice {
  readonly action: Action
  readonly rate: RateAdvice | undefined
  readonly text: string
}

const inWords = ({ criticalRate, from, learningRate, multiple }: RateAdvice): string => {
  const rate =
    learningRate === undefined ? `${show(multiple)} of the rate in use` : show(learningRate)
  const critical = criticalRate === undefined ? "" : ` of ${show(criticalRate)}`
  switch (from) {
    case "sharpness":
      return `${rate}, from the critical rate${critical} that the sharpness before the rise gives`
    case "growth":
      return `${rate}, from the critical rate${critical} that the first steps of the growth give`
    case "rate before":
      return `${rate}, the one before it was raised`
    case "nothing":
      return `${rate}, a tenth of it, for the log has no curvature`
  }
}

/** The steps of a log in whose words to speak. */
const place = ({ steps }: TrainingLog, k: number) => steps[Math.max(0, k)]!

/** Lost, or level above all calm losses: what settles below them goes on from there. */
export const isDivergence = ({ highest, outcome, peakLoss }: Episode): boolean =>
  outcome === "lost" || (outcome === "settled" && peakLoss > highest)

const advice = (action: Action, text: string, rate?: RateAdvice): LogAdvice => ({
  action,
  rate,
  text,
})

const ofInstability = ({ episode, log, signs }: Given): LogAdvice => {
  const rate = rateAfter(log, episode, signs)
  const words = inWords(rate)
  if (isDivergence(episode) || episode.outcome === "open") {
    const back = `go back to before step ${place(log, episode.start + 1)}`
    return advice("roll back", `${back} and go on with a rate of ${words}`, rate)
  }
  const recovered = "the run recovered"
  return log.optimizer?.name === "adam"
    ? advice(
        "lower the rate",
        `${recovered}; for one without such spikes use a rate of ${words}`,
        rate,
      )
    : advice(
        "keep",
        `${recovered}: keep the rate while the validation loss improves, or for a run without such spikes use ${words}`,
        rate,
      )
}

/**
 * How much shorter Adam's steps are after the gradient of a jump, which stays in the average of squares for `1 / (1 - beta2)` steps:
 * `(sqrt(g^2 + (1 - beta2) G^2) + epsilon) / (g + epsilon)` of norms g before and G at it. 1 of other steps, and where no norm tells.
 */
export const shrinkage = ({ gradientNorms, optimizer }: TrainingLog, signs: Signs): number => {
  if (optimizer?.name !== "adam" || gradientNorms === undefined) return 1
  const { beta2, epsilon } = optimizer
  const norm = gradientNorms[signs.jumpAt]!
  const calm = norm / (signs.gradientAtJump ?? 1)
  return (Elementary.hypot(calm, Math.sqrt(1 - beta2) * norm) + epsilon) / (calm + epsilon)
}

const ofData = (given: Given): LogAdvice => {
  const { episode, log, signs } = given
  if (log.batch === "full") {
    const text = `look at what changed at step ${place(log, signs.jumpAt)}, in samples, labels or loss, and keep the rate`
    return advice("inspect the data", text)
  }
  const shorter = shrinkage(log, signs)
  const beta2 = log.optimizer?.name === "adam" ? log.optimizer.beta2 : 0
  const notes = [
    ...(episode.outcome === "closed"
      ? []
      : ["go back to before that step, for the loss has not come back"]),
    ...(shorter > 1.5
      ? [
          `its gradient makes Adam's steps about ${show(shorter)} times shorter, and is forgotten after some ${show(1 / (1 - beta2))} of them: restore what Adam had before it, or leave the batch out`,
        ]
      : []),
  ]
  const step = place(log, signs.jumpAt)
  return advice(
    "inspect the batch",
    [`look at the batch of step ${step}, and keep the rate`, ...notes].join("; "),
  )
}

/** The advice for a verdict: a rate only where the rate was the cause, or may have been and the run is lost. */
export const adviceFor = (given: Given, { cause }: Verdict): LogAdvice => {
  const { episode, log, signs } = given
  switch (cause) {
    case "instability":
      return ofInstability(given)
    case "data":
      return ofData(given)
    case "numbers":
      return advice(
        "inspect the numbers",
        `look for an overflow, a division by zero or the logarithm of 0 at step ${place(log, signs.jumpAt)}${
          log.batch === "full" ? "" : ", and for a sample that is no number"
        }; go back to before it`,
      )
    case "overshoot":
      return advice("keep", "nothing to do; less momentum swings less")
    case "unresolved": {
      if (signs.isAtOnce || episode.outcome === "closed") {
        return advice("measure", "nothing to change before it is known")
      }
      const rate = rateAfter(log, episode, signs)
      const words = inWords(rate)
      return advice("measure", `should it have been the rate, go back and use ${words}`, rate)
    }
  }
}

/** Whether there are too few losses before it to tell full batches from others. */
const isUnknown = ({ episode, log }: Given): boolean =>
  log.batch === undefined && episode.calm <= known

/** What an unresolved episode may have been. */
export const candidatesOf = (given: Given): ReadonlyArray<string> => {
  const { episode, log, signs } = given
  if (signs.isAtOnce) return ["a failure of the numbers", "a rate far past the stability limit"]
  const isSwinging = log.optimizer?.name !== "sgd" && signs.ramp >= 2
  return [
    ...(mayDiffer(log, episode) || isUnknown(given) ? ["a bad or unusual batch"] : []),
    "steps past the stability limit",
    ...(isSwinging ? ["the swing of a velocity"] : []),
    ...(log.batch === "full" && signs.ramp < 2 ? ["data or a loss that changed at this step"] : []),
  ]
}

const sharpnessBefore = (log: TrainingLog, { start }: Episode): string => {
  const of = log.optimizer?.name === "adam" ? "Hessian that Adam divides" : "Hessian"
  const rate = log.learningRates === undefined ? ", with the rate (--rate)" : ""
  return `the largest eigenvalue of the ${of} at step ${place(log, start)} (--sharpness)${rate}: times the learning rate it is past ${show(limitOf(log.optimizer))} in an instability, and below in all else`
}

const controlAt = (log: TrainingLog, { jumpAt }: Signs): string =>
  `the loss of one batch that stays at steps ${place(log, jumpAt - 1)} and ${place(log, jumpAt)} (--control): as before where a batch was bad, risen where the parameters moved`

/** The one number that would decide better. */
export const betterFor = (given: Given, { cause, confidence }: Verdict): string => {
  const { episode, log, signs } = given
  if (signs.isAtOnce && !signs.isConsecutive) {
    return `the loss and the norm of the gradient of every step from ${place(log, episode.start)} to ${place(log, episode.onset)} (--gradient-norm): as before until the last where the numbers failed, grown where the rate did it`
  }
  if (cause === "numbers" || signs.isAtOnce) {
    const isKnown = Number.isFinite(log.gradientNorms?.[signs.jumpAt - 1])
    return confidence === "measured" || isKnown
      ? `the first layer whose output or gradient was not finite at step ${place(log, signs.jumpAt)}`
      : `the norm of the gradient at step ${place(log, signs.jumpAt - 1)} (--gradient-norm): finite and as before where the numbers failed, grown where the rate did it`
  }
  if (cause === "data") {
    return confidence === "measured"
      ? `the loss of the batch of step ${place(log, signs.jumpAt)} at other parameters: high there too, the batch is bad`
      : controlAt(log, signs)
  }
  if (cause === "unresolved" && (mayDiffer(log, episode) || isUnknown(given)))
    return controlAt(log, signs)
  if (confidence === "measured") {
    if (isDivergence(episode)) return "nothing more: the sharpness before the run was lost is known"
    return signs.ratioAfter === undefined
      ? `the sharpness after step ${place(log, episode.end)} (--sharpness): whether it fell below the limit`
      : "nothing more: the sharpness before and after is known"
  }
  return sharpnessBefore(log, episode)
}
