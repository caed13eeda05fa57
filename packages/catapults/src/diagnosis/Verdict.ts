/**
 * What an episode was, and what decided it: rules over its signs, the strongest first. What no rule decides is unresolved.
 *
 * Source: derived here; the numbers were chosen on the development seeds of the labelled logs (`test/diagnosis`).
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { show } from "../monitor/Show.ts"
import type { Episode } from "./Episodes.ts"
import type { Signs } from "./Signs.ts"
import type { TrainingLog } from "./TrainingLog.ts"

/**
 * - `instability`: steps past the stability limit of the optimizer.
 * - `data`: the batch, and not the parameters.
 * - `numbers`: a number that was none, without growth before it.
 * - `overshoot`: a velocity that carried the loss up the other side, as stable runs do.
 */
export type Cause = "instability" | "data" | "numbers" | "overshoot" | "unresolved"

export interface Verdict {
  readonly cause: Cause
  /** `measured`: a number that decides it was in the log; `likely`: the gradients or what is known of the run show it; `guess`: nothing did. */
  readonly confidence: "measured" | "likely" | "guess"
  /** The evidence, in a sentence. */
  readonly because: string
}

/** What is below this many times the largest calm one is calm. */
const calm = 1.5
/** A rate that grew by this factor within ten steps was raised. */
const raised = 1.5
/** A log with less scatter (of logarithms) than this is of full batches, or of averages. */
const smooth = 0.05
/** Calm steps without which nothing is known to have come at once. */
const before = 4
/** Of what the losses just before differ by, what a jump above them is more than. */
const standing = 0.8
/** What is left of a jump, in logarithms, at the step after a bad batch. */
const remains = 0.75

export interface Given {
  readonly log: TrainingLog
  readonly episode: Episode
  readonly signs: Signs
  /** Another episode, that was neither a batch nor an overshoot, ended less than 100 steps before. */
  readonly isAftermath: boolean
}

type Rule = readonly [
  cause: Exclude<Cause, "unresolved">,
  holds: (given: Given) => boolean,
  because: (given: Given) => string,
  /** Default "likely". */
  confidence?: "measured",
]

/** Whether batches may differ, so that one of them may be bad. */
export const mayDiffer = ({ batch }: TrainingLog, { noise }: Episode): boolean =>
  batch === undefined ? noise > smooth : batch !== "full"

/** A loss that stands out of those before it, where a batch may be bad. */
const isOut = (given: Given): boolean => {
  const { episode, isAftermath, log, signs } = given
  const isSudden =
    !isAftermath && !signs.isAtOnce && episode.calm >= before && signs.standing > standing
  // past the limit, batches pull so far that each is bad for the others
  return isSudden && mayDiffer(log, episode) && !isRaised(given) && !isPast(given)
}

const isJump = (given: Given): boolean => isOut(given) && given.signs.jump > 0.6

/** Past the limit, by a sharpness; a run of which nobody said what steps it takes was not calm past the limit that is asked of it. */
const isPast = ({ log, signs: { ratio = 0, ratioBefore = 0 } }: Given): boolean =>
  ratio > 1 && (log.optimizer !== undefined || ratioBefore <= 1)

const isRaised = ({ signs }: Given): boolean => (signs.rateRaise ?? 1) > raised

const isFull = ({ log, signs }: Given): boolean =>
  log.batch === "full" || (log.batch === undefined && signs.isSmooth === true)

/** What a log without all steps counts are its entries. */
const stepsOf = ({ isConsecutive }: Signs, count: number): string =>
  `${count} ${isConsecutive ? "steps" : "entries"}`

const full = ({ log }: Given): string =>
  log.batch === "full"
    ? "on full batches"
    : "on losses and gradients as smooth as those of full batches"

/** A number is as it was, of what it was before. */
const isLike = (moved: number): boolean => moved > 0.4 && moved < calm

/** The parameters were where they had been, by a number that was `moved` times what it was before. */
const hasStayed = ({ episode }: Given, moved = Number.POSITIVE_INFINITY): boolean =>
  isLike(moved) && Elementary.pow(moved, 3) < episode.peakLoss / episode.reference

/** The loss was back at the next step, and stayed there: where steps had gone too far it comes back little by little, or swings. */
const isBack = ({ signs }: Given): boolean => signs.left < 0.5 && (signs.laterMost ?? 0) < 0.3

/**
 * Nothing after a large jump was above it, and the loss went down as slowly as a network learns: past the limit it would have gone on
 * up, and from a step that was too long it would have come back faster.
 */
const isRelearned = ({
  episode: { peakLoss, reference },
  signs: { gradientLater = NaN, jump, later = NaN, laterMost = NaN, left },
}: Given) =>
  peakLoss > 10 * reference &&
  jump > 0.9 &&
  left > 0.75 &&
  left < 1.15 &&
  laterMost < 1.3 &&
  later > 0.2 &&
  later < 0.85 &&
  gradientLater < 1.6

/** A growth, and not a loss that is another from one step to the next. */
const isGrowth = ({ episode, signs }: Given): boolean =>
  signs.ramp >= 2 && (signs.jump < 0.85 || episode.start < before)

/** The loss is where it was a moment ago: a swing of a velocity, which loses height with time. */
const isSwing = ({ isAftermath, log, signs }: Given): boolean =>
  log.optimizer !== undefined &&
  log.optimizer.name !== "sgd" &&
  !isAftermath &&
  // of momentum it may be as fast as the steps; Adam falls so far so fast that its spikes look alike
  (log.optimizer.name === "momentum" || (signs.ramp >= 4 && signs.jump < 0.4)) &&
  signs.recently >= 1 &&
  (signs.past ?? 0) === 0 &&
  (signs.ratio ?? 0) < 1

const rules: ReadonlyArray<Rule> = [
  [
    "numbers",
    ({ signs }) => signs.isAtOnce && signs.isGradientLost === true,
    () => "the gradient was not finite while the loss still was",
    "measured",
  ],
  [
    "numbers",
    ({ signs: { controlAtJump = NaN, isAtOnce } }) => isAtOnce && isLike(controlAtJump),
    ({ signs }) =>
      `at the same parameters the control batch had ${show(signs.controlAtJump!)} of its largest loss just before`,
    "measured",
  ],
  [
    "numbers",
    (given) => {
      const { episode, signs } = given
      const { gradientBefore = 0, isAtOnce, isConsecutive, ratio = 0 } = signs
      const isKnown = isAtOnce && isConsecutive && episode.calm >= before
      return isKnown && !isRaised(given) && ratio < 1 && gradientBefore < 2
    },
    () => "the loss was not finite from one step to the next, and nothing had grown before",
  ],
  [
    "data",
    (given) => isOut(given) && hasStayed(given, given.signs.controlAtJump),
    ({ signs }) =>
      `at the same parameters the control batch had ${show(signs.controlAtJump!)} of its largest loss just before`,
    "measured",
  ],
  [
    "data",
    (given) =>
      isOut(given) &&
      given.signs.controlAtJump === undefined &&
      hasStayed(given, given.signs.stayingAtJump),
    ({ signs }) =>
      `the gradient on the batch that stays was ${show(signs.stayingAtJump!)} of its largest just before: the parameters had not moved`,
  ],
  [
    "data",
    (given) => {
      const { gradientAtJump = 0, gradientBefore, isConsecutive, rateRaise } = given.signs
      const { controlAtJump, stayingAtJump } = given.signs
      const isAtOnce = gradientAtJump > calm && gradientBefore === 0
      const isSteady =
        rateRaise === undefined ? isBack(given) || isRelearned(given) : rateRaise < raised
      const isOpen = controlAtJump === undefined && stayingAtJump === undefined
      return isJump(given) && isConsecutive && isAtOnce && isSteady && isOpen
    },
    ({ signs }) =>
      `loss and gradient jumped at one step, the gradient to ${show(signs.gradientAtJump!)} times the largest calm one, and nothing had grown before`,
  ],
  [
    "data",
    (given) => {
      const { controlAtJump, gradientAtJump, stayingAtJump } = given.signs
      const { isConsecutive, ratio = 1, rateRaise } = given.signs
      const isStable = ratio < 0.3 && rateRaise !== undefined
      const isOpen = (controlAtJump ?? gradientAtJump ?? stayingAtJump) === undefined
      return isJump(given) && isConsecutive && isStable && isOpen && given.signs.left < remains
    },
    ({ signs }) =>
      `the loss jumped at one step and fell at the next, at ${show(signs.ratio!)} of the critical rate`,
  ],
  [
    "data",
    (given) => {
      const { episode, isAftermath, log, signs } = given
      const isPlain = log.batch === "full" && log.optimizer?.name === "sgd" && !isPast(given)
      const wasCalm = !isAftermath && episode.calm >= before && signs.isSmooth === true
      const isSteady = signs.rateRaise !== undefined && !isRaised(given)
      const hasJumped = signs.jump > 0.9 && signs.first > Elementary.log(3)
      return isPlain && wasCalm && isSteady && hasJumped && (signs.gradientAtJump ?? 0) > 3
    },
    ({ signs }) =>
      `loss and gradient jumped at one step, the gradient to ${show(signs.gradientAtJump!)} times the largest calm one: at a rate that stays, those of the same samples cannot`,
  ],
  [
    "instability",
    isPast,
    ({ signs }) =>
      `the learning rate was ${show(signs.ratio!)} of the critical one before the rise`,
    "measured",
  ],
  [
    "instability",
    ({ log, signs }) => (signs.past ?? 0) >= (log.optimizer === undefined ? 3 : 2),
    ({ signs }) =>
      `${signs.past} steps in a row went past the stability limit along their gradient`,
  ],
  [
    "instability",
    ({ signs }) => (signs.reversals ?? 0) >= 3,
    ({ signs }) => `the gradient turned around and grew at ${signs.reversals} steps in a row`,
  ],
  [
    "instability",
    (given) => isRaised(given) && !given.signs.isAtOnce,
    ({ signs }) =>
      `the learning rate was raised to ${show(signs.rateRaise!)} times what it was ${signs.isConsecutive ? "within the ten steps" : "at the entry"} before`,
  ],
  [
    "overshoot",
    (given) => isSwing(given) && (isFull(given) || (given.signs.along ?? 0) >= 0.8),
    () =>
      "the loss rose to no more than what it was a moment before: a velocity that swings, as stable runs do",
  ],
  [
    "overshoot",
    ({ episode, isAftermath, log, signs }) =>
      log.optimizer?.name !== "sgd" &&
      !isAftermath &&
      !signs.isAtOnce &&
      (signs.along ?? 0) >= 0.8 &&
      signs.ramp >= 4 &&
      episode.peakLoss <= 10 * episode.reference,
    ({ signs }) =>
      `${show(100 * signs.along!)} % of the steps up went along the gradient before them: past the limit they would turn around`,
  ],
  [
    "instability",
    (given) => isFull(given) && given.log.optimizer?.name === "sgd" && isGrowth(given),
    () => "on full batches, plain steps below the critical rate cannot raise the loss",
  ],
  [
    "instability",
    (given) => isFull(given) && given.episode.outcome === "lost" && isGrowth(given),
    (given) => `${full(given)} nothing but the rate lets the loss grow out of all bounds`,
  ],
  [
    "instability",
    (given) =>
      isFull(given) &&
      isGrowth(given) &&
      given.signs.ramp <= 5 &&
      given.episode.peakLoss > 10 * given.episode.reference,
    (given) => {
      const { peakLoss, reference } = given.episode
      return `${full(given)}, a rise by ${show(peakLoss / reference)} in ${stepsOf(given.signs, given.signs.ramp)} is too fast for a velocity`
    },
  ],
  [
    "instability",
    ({ signs }) => (signs.gradientBefore ?? 0) >= 3 && signs.ramp >= 3,
    ({ signs }) =>
      `the gradient had grown for ${stepsOf(signs, signs.gradientBefore!)} before the largest rise`,
  ],
  [
    "instability",
    (given) => {
      const { episode, signs } = given
      // at a rate that stays, curvature that steps meet does not grow from one step to the next
      const mayGrow =
        signs.rateRaise === undefined || episode.calm < before || signs.first < Elementary.log(3)
      const hasGrown = (signs.gradientAtJump ?? 0) > calm && signs.growing >= 3
      return episode.outcome === "lost" && hasGrown && mayGrow
    },
    ({ signs }) =>
      `the loss went on growing for ${stepsOf(signs, signs.growing)} after the first, as fast as at the first, out of all bounds, and the gradient with it`,
  ],
  [
    "instability",
    ({ episode, signs }) =>
      episode.outcome === "lost" &&
      signs.ramp >= 8 &&
      signs.jump < 0.25 &&
      signs.first < Elementary.log(3),
    ({ signs }) =>
      `the loss grew for ${stepsOf(signs, signs.ramp)}, a little at first, out of all bounds`,
  ],
]

/** The verdict of the first rule that holds. */
export const verdictOf = (given: Given): Verdict => {
  const { signs } = given
  const found = rules.find(([, holds]) => holds(given))
  if (found !== undefined) {
    const [cause, , because, confidence = "likely"] = found
    return { cause, confidence, because: because(given) }
  }
  const shape = signs.isAtOnce
    ? "the loss was not finite, and what it did just before is not in the log"
    : signs.ramp <= 1
      ? `the loss jumped ${signs.isConsecutive ? "at one step" : "from one entry to the next"}`
      : `the loss rose over ${stepsOf(signs, signs.ramp)}`
  return { cause: "unresolved", confidence: "guess", because: shape }
}
