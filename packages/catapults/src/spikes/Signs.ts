/**
 * Signs of a loss rise: each tests one property of the evidence for the rules.
 *
 * Source: derived here; the numbers were chosen on the development seeds of the labelled logs (`test/diagnosis`).
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Evidence, Incident, Rise, Run } from "./Evidence.ts"

/** Multiple of the largest calm loss below which a loss is calm. */
export const calm = 1.5
/** A rate that grew by this factor within ten steps was raised. */
export const raised = 1.5
/** A log with less scatter (of logarithms) than this is of full batches, or of averages. */
const smooth = 0.05
/** Number of calm steps required before a change counts as sudden. */
export const before = 4
/** Share of the spread of the preceding losses that a jump above them exceeds. */
const standing = 0.8
/** Minimum share of the loss in the top eigenspace at the peak of a catapult. */
const concentrated = 0.9
/** Directional sharpness over the limit that no stable step recovers from: 4 and more in every divergence measured. */
const hopeless = 5

/** Tests whether batches may differ, so that one of them may be bad. */
export const mayDiffer = ({ batch }: Run, { noise }: Rise): boolean =>
  batch === undefined ? noise > smooth : batch === "some" || typeof batch === "number"

/** Tests whether the loss exceeds the previous ones and a batch may be bad. */
export const isOut = (incident: Incident): boolean => {
  const { rise, isAftermath, run, evidence } = incident
  const isSudden =
    rise.rougher === undefined &&
    !isAftermath &&
    !evidence.isAtOnce &&
    rise.calm >= before &&
    evidence.standing > standing
  // past the limit, batches pull so far that each is bad for the others
  return isSudden && mayDiffer(run, rise) && !isRaised(incident) && !isPast(incident)
}

export const isJump = (incident: Incident): boolean =>
  isOut(incident) && incident.evidence.jump > 0.6

/** Tests whether a sharpness is above the limit. If the kind of steps is unknown, the run must have been calm below that limit. */
export const isPast = ({ run, evidence: { ratio = 0, ratioBefore = 0 } }: Incident): boolean =>
  ratio > 1 && (run.optimizer !== undefined || ratioBefore <= 1)

export const isRaised = ({ evidence }: Incident): boolean => (evidence.rateRaise ?? 1) > raised

/** A rate that was raised this much, at most so many entries ago, explains a rise that grows. */
const raisedEarlier = { factor: 3, entries: 60 }

export const isRaisedEarlier = ({ evidence }: Incident): boolean =>
  (evidence.earlierRaise ?? 1) > raisedEarlier.factor &&
  (evidence.sinceRaise ?? Infinity) <= raisedEarlier.entries

/** Tests whether every step uses the same samples. */
export const isFull = ({ run, evidence }: Incident): boolean =>
  run.batch === "full" || (run.batch === undefined && evidence.isSmooth === true)

/** Counts in the words of the record: one without all steps has entries. */
export const stepsOf = ({ isConsecutive }: Evidence, count: number): string =>
  `${count} ${isConsecutive ? "steps" : "entries"}`

export const full = ({ run }: Incident): string =>
  run.batch === "full"
    ? "on full batches"
    : "on losses and gradients as smooth as those of full batches"

/** Ratio to the earlier value below which a number counts as unchanged. */
export const isLike = (moved: number): boolean => moved > 0.4 && moved < calm

/** Tests whether the parameters were unchanged, from a quantity at `moved` times its earlier value. */
export const hasStayed = ({ rise }: Incident, moved = Number.POSITIVE_INFINITY): boolean =>
  isLike(moved) && Elementary.pow(moved, 3) < rise.peakLoss / rise.reference

/**
 * Tests whether the loss returned at the next step and stayed there; after steps that were too long it returns
 * gradually, or swings.
 */
export const isBack = ({ evidence }: Incident): boolean =>
  evidence.left < 0.5 && (evidence.laterMost ?? 0) < 0.3

/**
 * Tests whether a large jump was the maximum and the loss then fell slowly, as in learning. Above the limit the loss
 * would have grown further; after one long step it would have returned faster.
 */
export const isRelearned = ({
  rise: { peakLoss, reference },
  evidence: { gradientLater = NaN, jump, later = NaN, laterMost = NaN, left },
}: Incident) =>
  peakLoss > 10 * reference &&
  jump > 0.9 &&
  left > 0.75 &&
  left < 1.15 &&
  laterMost < 1.3 &&
  later > 0.2 &&
  later < 0.85 &&
  gradientLater < 1.6

/** Tests for growth, as opposed to losses that change from one step to the next. */
export const isGrowth = ({ rise, evidence }: Incident): boolean =>
  evidence.ramp >= 2 && (evidence.jump < 0.85 || rise.start < before)

/** Tests whether the loss is back at a recent value: a swing of the momentum, which decays. */
export const isSwing = ({ isAftermath, run, evidence }: Incident): boolean =>
  run.optimizer !== undefined &&
  run.optimizer !== "sgd" &&
  !isAftermath &&
  // of momentum it may be as fast as the steps; Adam falls so far so fast that its spikes look alike
  (run.optimizer === "momentum" || (evidence.ramp >= 4 && evidence.jump < 0.4)) &&
  evidence.recently >= 1 &&
  (evidence.past ?? 0) === 0 &&
  (evidence.ratio ?? 0) < 1

/** Tests for losses on fixed samples: a bad batch then shows in the change of the parameters, not in its own loss. */
export const isHeld = (
  { rise, run }: Incident,
  ...outcomes: ReadonlyArray<Rise["outcome"]>
): boolean => run.batch === "held" && outcomes.includes(rise.outcome)

export const isHopeless = ({ evidence }: Incident): boolean => (evidence.sharpest ?? 0) > hopeless

/** Evidence of steps above the limit of the optimizer, with the curvature after the rise and, if measured, the eigenspace of the loss. */
export const isWhole = ({
  evidence: { curvatureRatio, topShare = 1 },
  rise,
  run,
}: Incident): boolean =>
  run.batch !== "held" ||
  run.optimizer === "adam" ||
  rise.outcome !== "closed" ||
  (curvatureRatio !== undefined && topShare >= concentrated)
