/**
 * Detection of loss spikes in a stream of losses, with constant memory.
 *
 * Source: Zhu et al. 2024 speak of spikes without defining how to count them (as recalled). Derived here: the reference
 * is the running minimum, not the previous loss. A catapult grows by `(kappa - 1)^2` per step, so no single step need
 * be large. In the runs of the paper's experiments the count is the same for thresholds from 1.2 to 4. Multiples of a
 * minimum require nonnegative losses. Above a minimum of 0 every rise is a spike, and none is a divergence.
 */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Schema from "effect/Schema"

/** A stretch of a run on which the loss stayed above its running minimum. */
export const Spike = Schema.Struct({
  /** The last step at the running minimum: the spike grew from there. */
  start: Schema.Number,
  /** First step above `threshold` times the reference; undefined for a rise that stays below it. */
  onset: Schema.UndefinedOr(Schema.Number),
  peak: Schema.Number,
  /** Step at which the spike ended, or the last step seen. */
  end: Schema.Number,
  /** Running minimum before the spike. */
  reference: Schema.Number,
  /** The largest finite loss. */
  peakLoss: Schema.Number,
  endLoss: Schema.Number,
  /** Largest number of consecutive steps on which the loss grew, up to the peak: 1 for an instant jump. */
  ramp: Schema.Int,
  /**
   * `closed`: the loss returned; `diverged`: it exceeded the divergence bound or was not finite; `open`: the run ended
   * during the spike.
   */
  outcome: Schema.Literals(["closed", "diverged", "open"]),
})
export type Spike = typeof Spike.Type

/** Thresholds for the start and the end of a spike. */
export interface SpikeOptions {
  /** A spike exceeds this many times the running minimum; default 1.5. */
  readonly threshold?: number
  /** Multiple of a positive running minimum above which the run counts as diverged; default 1e6. */
  readonly divergence?: number
  /** The spike is over at this many times the running minimum; default 1. */
  readonly close?: number
}

const initial = () => ({
  /** Running minimum, and its step. */
  reference: Number.NaN,
  lowest: Number.NaN,
  /** The last step and its loss. */
  last: Number.NEGATIVE_INFINITY,
  previous: Number.NaN,
  /** Steps of growth in a row. */
  rising: 0,
  /** True while the loss is above the running minimum; the following fields then describe the open spike. */
  isAbove: false,
  start: 0,
  onset: undefined as number | undefined,
  peak: 0,
  peakLoss: Number.NaN,
  ramp: 0,
  /** True after divergence, when nothing more is detected. */
  isLost: false,
})

/** State of a detector: plain data. */
export type DetectorState = ReturnType<typeof initial>

/** Detects the spikes of one run, each when it ends. */
export interface SpikeDetector {
  /** State of the detector, as data that it changes in place. */
  readonly state: DetectorState
  /**
   * Takes the loss of the next step, and returns the spike that ends there, if any. After divergence it returns nothing
   * more.
   */
  readonly observe: (step: number, loss: number) => Spike | undefined
  /** The open spike, so far: it has an `onset` once it is above the threshold. */
  readonly current: () => Spike | undefined
}

const spikeOf = (state: DetectorState, outcome: Spike["outcome"]): Spike => ({
  start: state.start,
  onset: state.onset,
  peak: state.peak,
  end: state.last,
  reference: state.reference,
  peakLoss: state.peakLoss,
  endLoss: state.previous,
  ramp: state.ramp,
  outcome,
})

const diverge = (state: DetectorState): Spike => {
  state.isLost = true
  return spikeOf(state, "diverged")
}

/** The first loss is the first minimum. */
const begin = (state: DetectorState, step: number, loss: number): Spike | undefined => {
  Object.assign(state, { reference: loss, previous: loss, peakLoss: loss })
  Object.assign(state, { lowest: step, start: step, peak: step })
  return Number.isFinite(loss) ? undefined : diverge(state)
}

/** Divergence to a loss that is not finite: without an earlier rise the run was still at its minimum. */
const overflow = (state: DetectorState): Spike => {
  const { lowest, reference } = state
  if (!state.isAbove) {
    Object.assign(state, { start: lowest, peak: lowest, peakLoss: reference, ramp: 0 })
  }
  return diverge(state)
}

const open = (state: DetectorState): void => {
  state.isAbove = true
  state.start = state.lowest
  state.onset = undefined
  state.peakLoss = Number.NEGATIVE_INFINITY
  state.ramp = 0
}

const climb = (state: DetectorState, step: number, loss: number): void => {
  if (!(loss > state.peakLoss)) return
  state.peak = step
  state.peakLoss = loss
  state.ramp = Math.max(state.ramp, state.rising)
}

const close = (state: DetectorState): Spike => {
  const ended = spikeOf(state, "closed")
  state.isAbove = false
  state.onset = undefined
  return ended
}

/**
 * A detector of spikes in a stream of losses. Steps must increase. Throws InvalidInput unless `1 < threshold <= divergence` and
 * `0 < close <= threshold`, on a step that does not increase, and on a negative loss.
 */
export const spikeDetector = (options: SpikeOptions = {}): SpikeDetector => {
  const { close: closing = 1, divergence = 1e6, threshold = 1.5 } = options
  const operation = "spikeDetector"
  Require.positive(operation, "close", closing)
  Require.positive(operation, "divergence", divergence)
  if (!(threshold > 1 && threshold <= divergence && closing <= threshold)) {
    invalid(operation, "1 < threshold <= divergence and close <= threshold must hold", {
      threshold,
      divergence,
      close: closing,
    })
  }
  const state = initial()

  const observe = (step: number, loss: number): Spike | undefined => {
    const before = state.last
    if (!(step > before)) invalid(operation, "steps must increase", { step, previous: before })
    if (state.isLost) return undefined
    if (loss < 0 && Number.isFinite(loss)) {
      const why =
        "a spike is a multiple of the lowest loss; add a constant that keeps the loss above 0"
      invalid(operation, `a loss must not be negative: ${why}`, { step, loss })
    }
    state.last = step
    if (before === Number.NEGATIVE_INFINITY) return begin(state, step, loss)
    state.rising = loss > state.previous ? state.rising + 1 : 0
    state.previous = loss
    if (!Number.isFinite(loss)) return overflow(state)
    const { reference } = state
    const isLowest = loss <= reference
    if (!state.isAbove && !isLowest) open(state)
    if (state.isAbove) {
      climb(state, step, loss)
      if (state.onset === undefined && loss > threshold * reference) state.onset = step
      if (reference > 0 && loss > divergence * reference) return diverge(state)
      if (loss > closing * reference) return undefined
    }
    const ended = state.isAbove ? close(state) : undefined
    if (isLowest) {
      state.reference = loss
      state.lowest = step
    }
    return ended
  }

  return {
    state,
    observe,
    current: () => (state.isAbove && !state.isLost ? spikeOf(state, "open") : undefined),
  }
}

/**
 * Spikes above the threshold in a complete run of losses, including one that is open or diverged at the end. Throws as
 * spikeDetector.
 */
export const spikesOf = (losses: ArrayLike<number>, options: SpikeOptions = {}): Array<Spike> => {
  const detector = spikeDetector(options)
  const ended = Array.from(losses, (loss, t) => detector.observe(t, loss))
  const isSpike = (each: Spike | undefined): each is Spike =>
    each?.onset !== undefined || each?.outcome === "diverged"
  return [...ended, detector.current()].filter(isSpike)
}
