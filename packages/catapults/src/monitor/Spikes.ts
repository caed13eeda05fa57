/**
 * Detection of loss spikes in a stream of losses, with constant memory.
 *
 * Source: Zhu et al. 2024 speak of spikes and do not say how they count them (as recalled). Derived here: the reference is the
 * running minimum, not the previous loss, for a catapult grows by `(kappa - 1)^2` a step and no single step need be large; and
 * the count does not depend on the threshold between 1.2 and 4 in the runs of the paper's experiments. Multiples of a minimum need
 * losses that are not negative; above a minimum of 0 every rise is a spike, and none is a divergence.
 */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"

/** A stretch of a run on which the loss stayed above its running minimum. */
export interface Spike {
  /** The last step at the running minimum: the spike grew from there. */
  readonly start: number
  /** The first step past `threshold` times the reference; absent of a wobble, which stays below. */
  readonly onset: number | undefined
  readonly peak: number
  /** The step at which it was over, or was last seen. */
  readonly end: number
  /** The running minimum before. */
  readonly reference: number
  /** The largest finite loss. */
  readonly peakLoss: number
  /** The loss at `end`. */
  readonly endLoss: number
  /** The most steps in a row on which the loss grew, up to the peak: 1 of an instant jump. */
  readonly ramp: number
  /** `closed`: the loss came back; `diverged`: it left every bound or was not finite; `open`: the run ended meanwhile. */
  readonly outcome: "closed" | "diverged" | "open"
}

export interface SpikeOptions {
  /** A spike exceeds this many times the running minimum; default 1.5. */
  readonly threshold?: number
  /** Past this many times a running minimum above 0 the run is lost; default 1e6. */
  readonly divergence?: number
  /** The spike is over at this many times the running minimum; default 1. */
  readonly close?: number
}

/** The spikes of one run, as they end. */
export interface SpikeDetector {
  /** Takes the loss of the next step, and returns the spike that ends with it. After divergence it returns nothing more. */
  readonly observe: (step: number, loss: number) => Spike | undefined
  /** The spike that is still open when the run ends. */
  readonly finish: () => Spike | undefined
  /** The spike that is open now, as far as it is known: it has an `onset` where it is past the threshold. */
  readonly current: () => Spike | undefined
}

/**
 * A detector. Steps must increase. Throws InvalidInput unless `1 < threshold <= divergence` and `0 < close <= threshold`, on a step
 * that does not increase, and on a negative loss.
 *
 * @example
 * ```ts import.meta.vitest
 * import { spikeDetector } from "@nonconvex/catapults"
 *
 * const detector = spikeDetector()
 * const spikes = [4, 2, 1, 3, 9, 2, 0.9, 0.8].flatMap((loss, step) => detector.observe(step, loss) ?? [])
 * spikes.map(({ onset, peak, end, ramp }) => [onset, peak, end, ramp]) // => [[3, 4, 6, 2]]
 * ```
 */
export const spikeDetector = (options: SpikeOptions = {}): SpikeDetector => {
  const { close = 1, divergence = 1e6, threshold = 1.5 } = options
  const operation = "spikeDetector"
  Require.positive(operation, "close", close)
  Require.positive(operation, "divergence", divergence)
  if (!(threshold > 1 && threshold <= divergence && close <= threshold)) {
    invalid(operation, "1 < threshold <= divergence and close <= threshold must hold", {
      threshold,
      divergence,
      close,
    })
  }
  let reference = Number.NaN
  let lowest = Number.NaN
  let previous = Number.NaN
  let last = Number.NEGATIVE_INFINITY
  let rising = 0
  let above = false
  let start = 0
  let onset: number | undefined
  let peak = 0
  let peakLoss = Number.NaN
  let ramp = 0
  let lost = false

  const spike = (outcome: Spike["outcome"]): Spike => ({
    start,
    onset,
    peak,
    end: last,
    reference,
    peakLoss,
    endLoss: previous,
    ramp,
    outcome,
  })

  return {
    observe: (step, loss) => {
      if (!(step > last)) invalid(operation, "steps must increase", { step, previous: last })
      if (lost) return undefined
      if (loss < 0 && Number.isFinite(loss)) {
        const why = "a spike is a multiple of the lowest loss; add a constant that keeps it above 0"
        invalid(operation, `a loss must not be negative: ${why}`, { step, loss })
      }
      const before = last
      last = step
      if (before === Number.NEGATIVE_INFINITY) {
        reference = loss
        lowest = step
        previous = loss
        start = step
        peak = step
        peakLoss = loss
        lost = !Number.isFinite(loss)
        return lost ? spike("diverged") : undefined
      }
      rising = loss > previous ? rising + 1 : 0
      previous = loss
      if (!Number.isFinite(loss)) {
        if (!above) {
          start = lowest
          peak = lowest
          peakLoss = reference
          ramp = 0
        }
        lost = true
        return spike("diverged")
      }
      if (!above && loss <= reference) {
        reference = loss
        lowest = step
        return undefined
      }
      if (!above) {
        above = true
        start = lowest
        onset = undefined
        peakLoss = Number.NEGATIVE_INFINITY
        ramp = 0
      }
      if (loss > peakLoss) {
        peak = step
        peakLoss = loss
        ramp = Math.max(ramp, rising)
      }
      if (onset === undefined && loss > threshold * reference) onset = step
      if (reference > 0 && loss > divergence * reference) {
        lost = true
        return spike("diverged")
      }
      if (loss > close * reference) return undefined
      const ended = spike("closed")
      above = false
      onset = undefined
      if (loss <= reference) {
        reference = loss
        lowest = step
      }
      return ended
    },
    finish: () => (above && !lost ? spike("open") : undefined),
    current: () => (above && !lost ? spike("open") : undefined),
  }
}

/** The spikes past the threshold of a whole run of losses, the open or lost one at its end included. Throws as spikeDetector. */
export const spikesOf = (losses: ArrayLike<number>, options: SpikeOptions = {}): Array<Spike> => {
  const detector = spikeDetector(options)
  const found: Array<Spike> = []
  const keep = (spike: Spike | undefined) => {
    if (spike !== undefined && (spike.onset !== undefined || spike.outcome === "diverged")) {
      found.push(spike)
    }
  }
  for (let t = 0; t < losses.length; t++) keep(detector.observe(t, losses[t]!))
  keep(detector.finish())
  return found
}
