/** A diagnosis in one sentence. */
import type { Advice } from "./Advice.ts"
import type { Evidence, Verdict } from "./Classification.ts"
import { show } from "./Show.ts"
import type { Spike } from "./Spikes.ts"

const because = (evidence: Evidence, { peakLoss, reference }: Spike): string => {
  const { curvatureRatio, height, preconditionedRatio, rateRatio, sharpness, topShare } = evidence
  return [
    reference === 0
      ? `${show(peakLoss)} above a minimum of 0`
      : `${show(height)} times the minimum before`,
    rateRatio !== undefined && `rate ${show(rateRatio)} of the critical one`,
    preconditionedRatio !== undefined &&
      `rate ${show(preconditionedRatio)} of the critical one of its preconditioner`,
    sharpness !== undefined && `directional sharpness up to ${show(sharpness.largest)}`,
    curvatureRatio !== undefined && `curvature ${show(curvatureRatio)} of before`,
    topShare !== undefined && `${show(100 * topShare)} % in the top eigenspace`,
  ]
    .filter((part) => part !== false)
    .join(", ")
}

/** What it was, where, on which evidence, and what to do. */
export const summarise = (
  { confidence, kind }: Verdict,
  spike: Spike,
  evidence: Evidence,
  advice: Advice,
): string =>
  `${kind} (${confidence}) at step ${spike.onset ?? spike.end}: ${because(evidence, spike)}; ${advice.text}`
