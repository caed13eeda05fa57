/** What is known of a rise of the loss: measured on its way up, and held until the loss is back at a minimum. */
import type { Evidence, Steps } from "./Classification.ts"
import type { Spike } from "./Spikes.ts"

const unmeasured = undefined as number | undefined

/** Nothing known yet. */
export const freshRise = () => ({
  /** The largest directional sharpness, and the number of steps past the limit. */
  sharpness: unmeasured,
  pastLimit: 0,
  /** The largest until the loss was past the threshold: later ones tell how far the run is lost, and not what it can bear. */
  earlySharpness: unmeasured,
  /** The critical rate where the spike began, and the learning rate over it. */
  criticalRate: unmeasured,
  rateRatio: unmeasured,
  /** Share of the loss in the top eigenspace, at the peak so far. */
  topShare: unmeasured,
  /** Loss on the suspicious batch over that on a control batch: the largest so far. */
  batchRatio: unmeasured,
  /** Whether the critical rate was looked up where the spike began; only once, for the curvature may fall soon after. */
  isMarked: false,
  /** The loss at the peak so far. */
  peakLoss: Number.NaN,
})

/** Plain data; what was not measured is undefined. */
export type Rise = ReturnType<typeof freshRise>

/** Takes the sharpness of a step on the way up, to the threshold or past it. */
export const addSharpness = (
  rise: Rise,
  sharpness: number,
  limit: number,
  isEarly: boolean,
): void => {
  rise.sharpness = Math.max(rise.sharpness ?? sharpness, sharpness)
  if (isEarly) rise.earlySharpness = Math.max(rise.earlySharpness ?? sharpness, sharpness)
  if (sharpness > limit) rise.pastLimit++
}

/** The evidence of a spike; `curvatureRatio` is the curvature after it over that before. */
export const evidenceOf = (
  rise: Rise,
  spike: Spike,
  steps: Steps,
  curvatureRatio: number | undefined,
): Evidence => {
  const { batchRatio, pastLimit, rateRatio, sharpness, topShare } = rise
  const ratio = steps === "plain" ? { rateRatio } : { preconditionedRatio: rateRatio }
  const measured = { ...ratio, curvatureRatio, topShare, batchRatio }
  return {
    height: spike.peakLoss / spike.reference,
    ramp: spike.ramp,
    steps,
    ...(sharpness === undefined ? {} : { sharpness: { largest: sharpness, past: pastLimit } }),
    ...Object.fromEntries(Object.entries(measured).filter(([, value]) => value !== undefined)),
  }
}
