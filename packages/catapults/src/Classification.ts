/**
 * What a spike of the loss was, from what was measured around it.
 *
 * Source: the four classes restate the paper's definition of a catapult (as recalled): caused by a learning rate past the
 * critical one, within the top eigenspace of the tangent kernel, and followed by a smaller kernel. The other classes, the order of
 * the rules and the weaker rules for missing measurements are derived here.
 */
import type { Spike } from "./Spikes.ts"
import * as Theory from "./Theory.ts"

/**
 * - `catapult`: past the stability limit, over again, and the curvature fell.
 * - `divergence`: it left every bound, or is about to.
 * - `data spike`: a jump with stable curvature: a bad batch, say.
 * - `edge of stability`: a rise below the threshold, with the curvature at the limit.
 * - `optimizer mismatch`: the preconditioned curvature was past the limit, the plain one was not.
 * - `numeric failure`: the first loss out of bounds was not finite, without growth before it.
 * - `unresolved`: the run ended before the spike did.
 */
export type Kind =
  | "catapult"
  | "divergence"
  | "data spike"
  | "edge of stability"
  | "optimizer mismatch"
  | "numeric failure"
  | "unresolved"

/** `measured`: the curvature was; `likely`: the gradients show it; `guess`: from the shape of the losses alone. */
export type Confidence = "measured" | "likely" | "guess"

/** What was measured around a spike; what was not is absent. */
export interface Evidence {
  /** Times by which the peak exceeded the running minimum. */
  readonly height: number
  /** Steps of growth up to the peak. */
  readonly ramp: number
  /** The largest directional sharpness up to the peak, and the number of steps past the limit `2 (1 + beta)`. */
  readonly sharpness?: { readonly largest: number; readonly past: number }
  /** Learning rate over critical rate at the onset. */
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
/** Directional sharpness that no stable step recovers from: four times the limit and more in every divergence measured. */
const hopeless = 5
/** A batch is bad where it has more than this many times the loss of a control batch. */
const badBatch = 3
/** As many steps of growth as an instant jump does not have. */
const slowRamp = 3

interface Verdict {
  readonly kind: Kind
  readonly confidence: Confidence
}

const verdict = (kind: Kind, confidence: Confidence): Verdict => ({ kind, confidence })

const isHopeless = ({ sharpness }: Evidence, limit: number): boolean =>
  sharpness !== undefined && sharpness.largest > hopeless * limit

const ofLost = (spike: Spike, evidence: Evidence, limit: number): Verdict => {
  const isSudden = !Number.isFinite(spike.endLoss) && spike.onset === undefined && spike.ramp < 2
  if (isSudden && !isHopeless(evidence, limit)) {
    return verdict("numeric failure", evidence.rateRatio === undefined ? "guess" : "likely")
  }
  if ((evidence.rateRatio ?? 0) > 1) return verdict("divergence", "measured")
  return verdict("divergence", isHopeless(evidence, limit) ? "likely" : "guess")
}

const ofClosed = (evidence: Evidence): Verdict => {
  const { batchRatio, curvatureRatio, preconditionedRatio, ramp, rateRatio, sharpness, topShare } =
    evidence
  if ((preconditionedRatio ?? 0) > 1 && rateRatio !== undefined && rateRatio <= 1) {
    return verdict("optimizer mismatch", "measured")
  }
  if (batchRatio !== undefined && batchRatio > badBatch) return verdict("data spike", "measured")
  const isUnstable = sharpness !== undefined && sharpness.past >= 2 && ramp >= 2
  if (curvatureRatio !== undefined && curvatureRatio > fallen) {
    return verdict("data spike", rateRatio === undefined ? "likely" : "measured")
  }
  if (rateRatio !== undefined) {
    if (rateRatio > 1) {
      const isWhole = curvatureRatio !== undefined && (topShare ?? 1) >= concentrated
      return verdict("catapult", isWhole ? "measured" : "likely")
    }
    return isUnstable ? verdict("catapult", "likely") : verdict("data spike", "measured")
  }
  if (sharpness !== undefined) return verdict(isUnstable ? "catapult" : "data spike", "likely")
  return verdict(ramp >= slowRamp ? "catapult" : "data spike", "guess")
}

/** Shares of the limit from which a curvature counts as being at it. */
const edge = 0.9

/** A rise below the threshold: at the edge of stability, or nothing that a measurement explains. */
const ofWobble = ({ rateRatio, sharpness }: Evidence, limit: number): Verdict | undefined => {
  if (rateRatio !== undefined) {
    return rateRatio > edge ? verdict("edge of stability", "measured") : undefined
  }
  return sharpness !== undefined && sharpness.largest > edge * limit
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
