/**
 * What a spike of the loss was, from what was measured around it.
 *
 * Source: the four classes restate the paper's definition of a catapult (as recalled): caused by a learning rate past the
 * critical one, within the top eigenspace of the tangent kernel, and followed by a smaller kernel. The other classes, the order of
 * the rules and the weaker rules for missing measurements are derived here.
 */
import type { Spike } from "./Spikes.ts"
import * as Theory from "../theory/index.ts"

/** What the optimizer does with a gradient: moves along it, or divides each coordinate by a number of its own, as Adam does. */
export type Steps = "plain" | "preconditioned"

/**
 * - `catapult`: past the stability limit, over again, and the curvature fell.
 * - `divergence`: it left every bound, or is about to.
 * - `data spike`: a jump with stable curvature: a bad batch, say.
 * - `edge of stability`: a rise below the threshold, with the curvature at the limit.
 * - `optimizer mismatch`: steps that the optimizer preconditions were past their limit: the preconditioner lags.
 * - `numeric failure`: the first loss out of bounds was not finite, without growth before it.
 * - `unresolved`: nothing that was measured tells, or the run ended before the spike did.
 */
export type Kind =
  | "catapult"
  | "divergence"
  | "data spike"
  | "edge of stability"
  | "optimizer mismatch"
  | "numeric failure"
  | "unresolved"

/** `measured`: the curvature or the batch was; `likely`: the gradients show it; `guess`: nothing did. */
export type Confidence = "measured" | "likely" | "guess"

/** What was measured around a spike; what was not is absent. */
export interface Evidence {
  /** Times by which the peak exceeded the running minimum; infinite above a minimum of 0. */
  readonly height: number
  /** The most steps of growth in a row, up to the peak. */
  readonly ramp: number
  /** The largest directional sharpness up to the peak, and the number of steps past the limit `2 (1 + beta)`. */
  readonly sharpness?: { readonly largest: number; readonly past: number }
  /** Default "plain". */
  readonly steps?: Steps
  /** Learning rate over critical rate at the onset; says nothing of preconditioned steps. */
  readonly rateRatio?: number
  /** The same for the curvature that the optimizer preconditions. */
  readonly preconditionedRatio?: number
  /** Curvature after the spike over curvature before it. */
  readonly curvatureRatio?: number
  /** Share of the loss in the top eigenspace at the peak. */
  readonly topShare?: number
  /** Loss of the parameters before the jump on the suspicious batch, over that on a control batch. */
  readonly batchRatio?: number
}

/** Falls of the curvature to at most this share count as a catapult's; of the prototype's runs all did, and no data spike. */
const fallen = 0.9
/** At least this share of the loss is in the top eigenspace at the peak of a catapult. */
const concentrated = 0.9
/** Directional sharpness that no stable step recovers from, as a multiple of the limit: 4 and more in every divergence measured. */
const hopeless = 5
/** A batch is bad where it has more than this many times the loss of a control batch. */
const badBatch = 3

/** The class of a spike, and how sure it is. */
export interface Verdict {
  readonly kind: Kind
  readonly confidence: Confidence
}

const verdict = (kind: Kind, confidence: Confidence): Verdict => ({ kind, confidence })

/** Learning rate over critical rate, for the curvature that the steps meet. */
const ratioOf = ({ preconditionedRatio, rateRatio, steps }: Evidence): number | undefined =>
  preconditionedRatio ?? (steps === "preconditioned" ? undefined : rateRatio)

const isHopeless = ({ sharpness }: Evidence, limit: number): boolean =>
  sharpness !== undefined && sharpness.largest > hopeless * limit

const isBad = ({ batchRatio }: Evidence): boolean => (batchRatio ?? 0) > badBatch

const ofLost = ({ endLoss, onset }: Spike, evidence: Evidence, limit: number): Verdict => {
  const ratio = ratioOf(evidence)
  if (ratio !== undefined && ratio > 1) return verdict("divergence", "measured")
  if (isBad(evidence)) return verdict("data spike", "measured")
  const isAtOnce = evidence.ramp < 2
  if (isAtOnce && Number.isFinite(endLoss) && ratio !== undefined) {
    return verdict("data spike", "likely")
  }
  if (isHopeless(evidence, limit)) return verdict("divergence", "likely")
  return isAtOnce && !Number.isFinite(endLoss) && onset === undefined
    ? verdict("numeric failure", "likely")
    : verdict("divergence", "guess")
}

const ofClosed = (evidence: Evidence): Verdict => {
  const { curvatureRatio, preconditionedRatio, ramp, sharpness, steps, topShare } = evidence
  if ((preconditionedRatio ?? 0) > 1) return verdict("optimizer mismatch", "measured")
  if (isBad(evidence)) return verdict("data spike", "measured")
  const ratio = ratioOf(evidence)
  const isUnstable = sharpness !== undefined && sharpness.past >= 2 && ramp >= 2
  const isPreconditioned = steps === "preconditioned"
  // a preconditioner catches up without a fall of the curvature
  if (!isPreconditioned && curvatureRatio !== undefined && curvatureRatio > fallen) {
    return verdict("data spike", ratio === undefined ? "likely" : "measured")
  }
  const unstable = isPreconditioned ? "optimizer mismatch" : "catapult"
  if (ratio !== undefined) {
    if (ratio > 1) {
      const isWhole = curvatureRatio !== undefined && (topShare ?? 1) >= concentrated
      return verdict("catapult", isWhole ? "measured" : "likely")
    }
    return isUnstable ? verdict(unstable, "likely") : verdict("data spike", "measured")
  }
  if (sharpness !== undefined) return verdict(isUnstable ? unstable : "data spike", "likely")
  // the shape of a spike is no evidence of its cause
  return verdict("unresolved", "guess")
}

/** Shares of the limit from which a curvature counts as being at it. */
const edge = 0.9

/** A rise below the threshold: at the edge of stability, or nothing that a measurement explains. */
const ofWobble = (evidence: Evidence, limit: number): Verdict | undefined => {
  const ratio = ratioOf(evidence)
  if (ratio !== undefined) {
    return ratio > edge ? verdict("edge of stability", "measured") : undefined
  }
  return (evidence.sharpness?.largest ?? 0) > edge * limit
    ? verdict("edge of stability", "likely")
    : undefined
}

/** The class of a spike, and how sure it is; undefined of a wobble that nothing measured explains. `momentum` moves the limit. */
export const classify = (spike: Spike, evidence: Evidence, momentum = 0): Verdict | undefined => {
  const limit = Theory.stabilityLimit(momentum)
  if (spike.outcome === "diverged") return ofLost(spike, evidence, limit)
  if (spike.onset === undefined) return ofWobble(evidence, limit)
  if (spike.outcome === "closed") return ofClosed(evidence)
  return isHopeless(evidence, limit)
    ? verdict("divergence", "likely")
    : verdict("unresolved", "guess")
}
