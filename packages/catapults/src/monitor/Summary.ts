/** A diagnosis in one sentence. */
import type { Advice } from "./Advice.ts"
import type { Evidence, Verdict } from "./Classification.ts"
import { show } from "./Show.ts"
import type { Spike } from "./Spikes.ts"

const because = (evidence: Evidence, { peakLoss, reference }: Spike): string => {
  const parts = [
    reference === 0
      ? `${show(peakLoss)} above a minimum of 0`
      : `${show(evidence.height)} times the minimum before`,
  ]
  if (evidence.rateRatio !== undefined) {
    parts.push(`rate ${show(evidence.rateRatio)} of the critical one`)
  }
  if (evidence.preconditionedRatio !== undefined) {
    parts.push(
      `rate ${show(evidence.preconditionedRatio)} of the critical one of its preconditioner`,
    )
  }
  if (evidence.sharpness !== undefined) {
    parts.push(`directional sharpness up to ${show(evidence.sharpness.largest)}`)
  }
  if (evidence.curvatureRatio !== undefined) {
    parts.push(`curvature ${show(evidence.curvatureRatio)} of before`)
  }
  if (evidence.topShare !== undefined) {
    parts.push(`${show(100 * evidence.topShare)} % in the top eigenspace`)
  }
  return parts.join(", ")
}

/** What it was, where, on which evidence, and what to do. */
export const summarise = (
  { confidence, kind }: Verdict,
  spike: Spike,
  evidence: Evidence,
  advice: Advice,
): string =>
  `${kind} (${confidence}) at step ${spike.onset ?? spike.end}: ${because(evidence, spike)}; ${advice.text}`
