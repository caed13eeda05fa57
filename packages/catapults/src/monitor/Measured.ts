/** Measurements of a rise of the loss on its way up, held until the loss is back at a minimum. */
import type { Evidence, Rise } from "../spikes/Evidence.ts"
import type { Spike } from "./Spikes.ts"

const [unmeasured, unseen] = [undefined as number | undefined, Number.NaN]

/** Rise with no measurements yet; of the losses a monitor keeps only the extent and the ramp. */
export const freshRise = () => ({
  evidence: {
    jumpAt: unseen,
    jump: unseen,
    back: unseen,
    first: unseen,
    recently: unseen,
    left: unseen,
    standing: unseen,
    ramp: 0,
    growing: 0,
    isAtOnce: false,
    isConsecutive: true,
    ratio: unmeasured,
    sharpness: unmeasured,
    past: 0,
    topShare: unmeasured,
    batchRatio: unmeasured,
  },
  /** The largest directional sharpness. */
  sharpest: unmeasured,
  /** The critical rate where the spike began. */
  criticalRate: unmeasured,
  /**
   * True if the critical rate was measured at the onset of the spike; this happens once, since the curvature may fall
   * soon after.
   */
  isMarked: false,
  /** The loss at the peak so far. */
  peakLoss: Number.NaN,
})

/** Plain data; quantities without a measurement are undefined. */
export type Measured = ReturnType<typeof freshRise>

const larger = (a: number | undefined, b: number): number => Math.max(a ?? b, b)

/** Adds the sharpness of a step during the rise, up to the threshold or above it. */
export const addSharpness = (
  rise: Measured,
  sharpness: number,
  limit: number,
  isEarly: boolean,
): void => {
  const { evidence } = rise
  rise.sharpest = larger(rise.sharpest, sharpness)
  if (isEarly) evidence.sharpness = larger(evidence.sharpness, sharpness)
  if (sharpness > limit) evidence.past++
}

/** Extent of a spike, in steps. Losses on fixed samples have no noise, and all earlier losses count as calm. */
export const riseOf = (spike: Spike): Rise => {
  const { end, onset, outcome, peak, peakLoss, reference, start } = spike
  return {
    start,
    onset: onset ?? end,
    peak,
    end,
    reference,
    peakLoss,
    noise: 0,
    calm: Number.POSITIVE_INFINITY,
    highest: reference,
    outcome: outcome === "diverged" ? "lost" : outcome,
    isBelow: outcome !== "diverged" && onset === undefined,
  }
}

/**
 * Evidence of a spike. `curvatureRatio` is the curvature after it over that before it; `limit` is the stability limit
 * of the directional sharpness.
 */
export const evidenceOf = (
  { evidence, sharpest }: Measured,
  { end, endLoss, onset, ramp }: Spike,
  limit: number,
  curvatureRatio: number | undefined,
): Evidence => ({
  ...evidence,
  ...(sharpest === undefined ? { past: undefined } : { sharpest: sharpest / limit }),
  jumpAt: onset ?? end,
  ramp,
  curvatureRatio,
  isAtOnce: !Number.isFinite(endLoss) && onset === undefined && ramp < 2,
})
