/** Verdict of a certificate: by a gap in the spectrum, by bounds without a gap, or by the descent from the point. */
import type { Objective } from "@nonconvex/problems/Objective"
import type { Estimate } from "../flatness/Estimate.ts"
import { confidence } from "../flatness/Residual.ts"
import { descend } from "../minima/NewtonDescent.ts"
import { boundsAt, isSaddle, look, type Look, middle, type Settings } from "./Measurement.ts"
import type { Bounds } from "./Valley.ts"

/** A verdict and its reason, in one sentence. */
interface Verdict {
  readonly verdict: "flat" | "not flat" | "undetermined"
  readonly because: string
}

const flat = (because: string): Verdict => ({ verdict: "flat", because })
const notFlat = (because: string): Verdict => ({ verdict: "not flat", because })
const undetermined = (because: string): Verdict => ({ verdict: "undetermined", because })

const shown = (value: number): string => value.toPrecision(3)

/** Near the minima the gradient is normal to them, to first order; at most this share of it may lie along them. */
const largestObliqueness = 0.1

/** If the loss exceeds its lower bound by less than this share of the tolerance, no negative curvature leads further down. */
const negligibleLoss = 1e-3

/** Below this share of the loss tolerance, the direction of the gradient is rounding error. */
const negligibleShare = 1e-6

const boundsOf = ({ estimate, standardError }: Estimate): Bounds => ({
  low: estimate - confidence * standardError,
  high: estimate + confidence * standardError,
})

/**
 * Verdict of the theorems at a point with a gap, near a minimum. `fall` is the decrease of the loss on the descent to the point.
 */
export const byGap = (
  { cut, gradientNorm, residual }: Look,
  { lossTolerance: eps, residualTolerance }: Settings,
  fall = 0,
) => {
  const bound = cut?.lossGapBound
  if (cut === undefined || bound === undefined) return undefined
  // what is flat is the minimum that the flow leads to: away from it, the residual here says nothing of the one there
  if (!(bound <= eps)) return undefined
  const isOblique = !(cut.tangential <= largestObliqueness * gradientNorm)
  if (bound > negligibleShare * eps && isOblique) return undefined
  const error = confidence * residual.standardError
  if (residual.estimate - error > residualTolerance) {
    return notFlat(
      `the flatness residual ${shown(residual.estimate)} is above ${shown(residualTolerance)}`,
    )
  }
  // also where a number overflowed and nothing is known
  if (!(residual.estimate + error <= residualTolerance)) {
    return undetermined(
      `the error bar of the flatness residual ${shown(residual.estimate)} includes ${shown(residualTolerance)}`,
    )
  }
  return flat(
    `the loss is within ${shown(fall + bound)} of its minimum and the flatness residual is ${shown(residual.estimate)}`,
  )
}

/** Verdict without a gap, at a point whose loss is within `gap` of the minimum below. */
const byBounds = ({ high, low }: Bounds, gap: number, { residualTolerance }: Settings): Verdict => {
  if (high <= residualTolerance) {
    return flat(
      `the loss is within ${shown(gap)} of its minimum and the flatness residual is at most ${shown(high)}`,
    )
  }
  return low > residualTolerance
    ? notFlat(`the flatness residual is at least ${shown(low)}, above ${shown(residualTolerance)}`)
    : undetermined(
        `the flatness residual is between ${shown(low)} and ${shown(high)}, on both sides of ${shown(residualTolerance)}`,
      )
}

/** Verdict on a point by the descent from it. */
export const byDescent = (
  objective: Objective,
  point: Float64Array,
  here: Look,
  options: Settings,
) => {
  const { descent: gradients, kernels, lossTolerance: eps, onPhase, seed } = options
  const tolerance = Math.min(1e-6, Math.max(1e-12, 1e-4 * eps))
  const least = objective.constants?.minimum?.value ?? Number.NEGATIVE_INFINITY
  const above = here.loss - least
  const nothingLeft = (loss: number): boolean => loss - least <= negligibleLoss * eps
  const saddle = isSaddle(here, tolerance) && !nothingLeft(here.loss)
  if (
    above <= eps &&
    !saddle &&
    here.bounds !== undefined &&
    here.bounds.high <= options.residualTolerance
  ) {
    return { ...byBounds(here.bounds, above, options), fall: 0, lossGapBound: above }
  }
  if (gradients === 0) return { ...undetermined(whyNot(objective, here, options)), fall: 0 }
  onPhase?.("descent")
  const {
    end,
    loss,
    point: bottom,
  } = descend(objective, point, {
    gradients,
    tolerance,
    enough: eps,
    negligible: 0.1 * eps,
    seed: seed.child("descent"),
    kernels,
  })
  const fall = here.loss - loss
  const found = { fall, descent: end }
  if (saddle && fall > 0) {
    const { smallestEigenvalue } = here.spectrum
    return {
      ...notFlat(
        `the Hessian has the eigenvalue ${shown(smallestEigenvalue)} and the loss falls along it, by ${shown(fall)} so far: this is a saddle`,
      ),
      ...found,
    }
  }
  if (end === "enough") {
    return {
      ...notFlat(
        `on the descent from here the loss falls by more than ${shown(eps)}, by ${shown(fall)} so far: the training has not reached a minimum`,
      ),
      ...found,
    }
  }
  if (end === "budget" || end === "not finite") {
    return { ...undetermined(whyNot(objective, here, options)), ...found }
  }
  onPhase?.("bottom")
  const judgedAt = "the end of the descent" as const
  if (point.length > options.dense) {
    // where the bounds decide, nothing is looked for
    const bounds = boundsAt(objective, bottom, here.spectrum.topEigenvalue, options)
    const verdict = byBounds(bounds, fall, options)
    if (verdict.verdict !== "undetermined") {
      return { ...verdict, ...found, judgedAt, lossGapBound: fall, residual: middle(bounds) }
    }
  }
  const there = look(objective, bottom, options)
  const { cut } = there
  if (cut !== undefined && cut.lossGapBound === undefined && !nothingLeft(there.loss)) {
    return { ...undetermined(whyNot(objective, there, options)), ...found, judgedAt }
  }
  const within = fall + (there.cut?.lossGapBound ?? 0)
  const verdict =
    byGap(there, options, fall) ??
    byBounds(there.bounds ?? boundsOf(there.residual), within, options)
  return {
    ...verdict,
    ...found,
    judgedAt,
    lossGapBound: within,
    residual: there.residual,
  }
}

/** Reason why the point alone is inconclusive. */
const whyNot = (
  objective: Objective,
  { cut, gradientNorm, spectrum }: Look,
  { lossTolerance }: Settings,
): string => {
  const bound = cut?.lossGapBound
  if (cut !== undefined && bound === undefined) {
    return `the Hessian has the eigenvalue ${shown(spectrum.smallestEigenvalue)}: this is not near a minimum`
  }
  if (bound !== undefined) {
    return bound <= lossTolerance
      ? `${shown(cut!.tangential)} of the gradient norm ${shown(gradientNorm)} lies where the Hessian has no curvature: this is not near a minimum`
      : `the loss may be ${shown(bound)} above its minimum, more than ${shown(lossTolerance)}`
  }
  const { basis, remainder, topEigenvalue } = spectrum
  if (basis === "ends of the spectrum") {
    const { dimension, gaussNewton } = objective
    const rows = gaussNewton === undefined ? "" : ` and ${gaussNewton.rows} predictions`
    return `the spectrum of ${dimension} parameters${rows} is too large to search for a gap`
  }
  return remainder === undefined
    ? "the spectrum has no gap between the tangent space and the normal space of the minima"
    : `no gap can be shown: the Hessian differs from its Gauss-Newton matrix by up to ${shown(remainder)}, with a top eigenvalue of ${shown(topEigenvalue)}`
}
