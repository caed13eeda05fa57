/**
 * Episodes of a log in which the loss rose above its earlier level, compared with the noise of the same log.
 *
 * Source: derived here. Losses are compared as logarithms. The level is the smallest median of 9 losses over the last
 * 200 calm steps. The noise is the 90th percentile of calm losses relative to the preceding median. Batches that
 * scatter by a factor of 2 therefore cause no spike of factor 2, while a smooth log shows one of factor 1.5. If the
 * loss stays above the level without a new peak, it defines a new level. Losses of a few samples vary by large factors
 * from the start. In that case the first 30 losses determine level and noise together, until there are enough calm
 * losses. A median of fewer than 9 losses defines no level.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Rise } from "../spikes/Evidence.ts"
import { SortedWindow, SlidingMinimum } from "./Windows.ts"

/** Losses below this share of the first loss count as equal, since rounding decides them. */
const floorShare = 1e-9
/** The smallest loss that counts as different from 0. */
export const floorOf = (losses: Float64Array): number =>
  Math.max(floorShare * (losses.find(Number.isFinite) ?? 1), Number.MIN_VALUE)
/** Factor above all calm losses at which a loss counts as diverged unless it returns. */
const lostAbove = 1e3
/**
 * Multiples of the noise that still count as noise; longer logs have larger extremes, so the multiple grows with the
 * length.
 */
const noiseFactor = (losses: number): number =>
  5 + 0.5 * Elementary.log10(Math.max(1, losses / 1000))
/** Multiple of the largest excess of a calm loss that a spike must exceed. */
const recordFactor = 1.5
/**
 * A loss above the largest of the last calm losses by this factor (as a logarithm) is not calm; fewer calm losses decide
 * nothing. The logarithms of losses near 0 scatter far, but not upwards.
 */
const recordOf = { losses: 100, multiple: Elementary.log(8) }
/** Number of calm losses needed to estimate the noise, and the threshold used until then. */
export const known = 20
const thresholdBefore = 4
/** Number of first losses that measure scatter, and the sum of turns of their logarithms above which batches are small. */
const opening = { losses: 30, least: known, turns: 0.2 }
/**
 * Steps without a new peak after which the loss has a new level: a multiple of the duration of the rise, and a minimum.
 */
const patience = { multiple: 4, least: 100 }

export interface Episodes {
  readonly episodes: ReadonlyArray<Rise>
  /** Smallest factor by which a rise is distinguished from the scatter at the end of the log. */
  readonly unseen: number
}

interface Options {
  /** A spike exceeds the level by this factor. */
  readonly threshold: number
  /** True if all losses are over the same samples, without noise. */
  readonly isSmooth: boolean
  /** Samples per step; where they change, level and noise are measured anew. */
  readonly batchSizes?: Float64Array | undefined
}

/** Entries before and after a rise whose changes are compared, and the ratio from which the log has become rougher. */
const rougher = { entries: 60, ratio: 2.5, level: Elementary.log(2) }

const middleChange = (logs: Float64Array): number =>
  quantileOf(
    logs
      .slice(1)
      .map((value, k) => Math.abs(value - logs[k]!))
      .filter(Number.isFinite),
    0.5,
  )

/**
 * Ratio of the scatter after an entry to that before it, if it grew for good while the level stayed, as with smaller
 * batches; undefined otherwise.
 */
const roughenedAt = (logs: Float64Array, start: number, level: number): number | undefined => {
  const before = logs.subarray(Math.max(0, start - rougher.entries), start + 1)
  const after = logs.subarray(start + 1, start + 1 + rougher.entries)
  if (before.length < rougher.entries / 2 || after.length < rougher.entries / 2) return undefined
  const half = after.length >> 1
  const later = Math.min(middleChange(after.subarray(0, half)), middleChange(after.subarray(half)))
  const ratio = later / middleChange(before)
  const isLevel = quantileOf(after.filter(Number.isFinite), 0.5) - level < rougher.level
  return ratio > rougher.ratio && isLevel ? ratio : undefined
}

/**
 * Windows: losses whose median is the current loss, medians whose minimum is the level, and losses that determine the
 * noise.
 */
const [together, back, scatter] = [9, 200, 1000]

/** Level and noise of the first losses. */
interface Start {
  readonly level: number
  readonly noise: number
}

const quantileOf = (values: Float64Array, q: number): number => {
  const window = new SortedWindow(Math.max(1, values.length))
  for (const value of values) window.add(value)
  return window.quantile(q)
}

/**
 * Initial losses of a log that fluctuate like losses of small batches, without an upward trend; undefined for other
 * logs. A turn is the smaller of two steps in opposite directions; monotone growth has none, however fast.
 */
const scatteredStart = (logs: Float64Array): Start | undefined => {
  const values = logs.subarray(0, opening.losses).filter(Number.isFinite)
  if (values.length < opening.least) return undefined
  const turns = values.slice(2).map((value, k) => {
    const [one, next] = [values[k + 1]! - values[k]!, value - values[k + 1]!]
    return one * next < 0 ? Math.min(Math.abs(one), Math.abs(next)) : 0
  })
  const turn = quantileOf(turns, 0.75)
  const half = values.length >> 1
  const rise = quantileOf(values.subarray(half), 0.5) - quantileOf(values.subarray(0, half), 0.5)
  const level = quantileOf(values, 0.5)
  return turn < opening.turns || rise > turn
    ? undefined
    : { level, noise: quantileOf(values, 0.9) - level }
}

/** Statistics of the calm part of a log. */
class Calm {
  readonly #start: Start | undefined
  #recent = new SortedWindow(together)
  #level = new SlidingMinimum(back)
  /** The largest of the last calm losses, negated. */
  readonly #highest = new SlidingMinimum(back)
  readonly excess = new SortedWindow(scatter)
  count = 0
  largest = Number.NEGATIVE_INFINITY

  constructor(start: Start | undefined) {
    this.#start = start
  }

  get isStarted(): boolean {
    return this.#start !== undefined
  }

  level(): number {
    const level = this.#level.value()
    return level === Number.POSITIVE_INFINITY ? (this.#start?.level ?? level) : level
  }

  add(value: number): void {
    const least = this.#start === undefined ? 0 : together
    if (this.count >= Math.max(3, least)) this.excess.add(value - this.#recent.quantile(0.5))
    this.#recent.add(value)
    this.#highest.add(-value)
    if (this.#recent.size >= least) this.#level.add(this.#recent.quantile(0.5))
    this.count++
    this.largest = Math.max(this.largest, value)
  }

  /** Restarts at a new level with the same noise estimate. */
  settle(values: Float64Array, from: number, to: number): void {
    this.#recent = new SortedWindow(together)
    this.#level = new SlidingMinimum(back)
    for (let k = Math.max(from, to - together); k < to; k++) {
      if (Number.isFinite(values[k]!)) this.#recent.add(values[k]!)
    }
    this.#level.add(this.#recent.quantile(0.5))
  }

  /** Noise of the calm losses. Losses that fall fast lie below the previous median; this is not noise. */
  noise(): number {
    const { excess } = this
    if (excess.size < known) return this.#start?.noise ?? 0
    return Math.max(0, excess.quantile(0.9), excess.quantile(0.9) - excess.quantile(0.5))
  }

  /** Largest of the last calm losses; infinite if there are too few. */
  highest(): number {
    return this.count < recordOf.losses ? Number.POSITIVE_INFINITY : -this.#highest.value()
  }

  record(): number {
    const { excess } = this
    return Math.max(excess.quantile(1), excess.quantile(1) - excess.quantile(0.5))
  }
}

/** Middle of the last three entries of `[from, end]`; of one or two, the later. */
const settledAt = (logs: Float64Array, from: number, end: number): number => {
  const [a, b, c] = [logs[end - 2]!, logs[end - 1]!, logs[end]!]
  return end - 2 < from ? c : Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}

/** Episode from the first loss that is not calm to its return, a new level or the end of the log. */
const stretchFrom = (
  logs: Float64Array,
  from: number,
  options: { readonly bound: number; readonly isSmooth: boolean; readonly start: number },
) => {
  const { bound, isSmooth, start } = options
  let [peak, largest] = [from, Number.NEGATIVE_INFINITY]
  for (let end = from; end < logs.length; end++) {
    const now = logs[end]!
    if (!Number.isFinite(now)) continue
    if (now > largest) [peak, largest] = [end, now]
    const last = isSmooth ? now : settledAt(logs, from, end)
    if (last <= bound) return { peak, largest, end, outcome: "closed" } as const
    const isLevel = end - peak > Math.max(patience.least, patience.multiple * (peak - start))
    if (isLevel) return { peak, largest, end, outcome: "settled" } as const
  }
  return { peak, largest, end: logs.length - 1, outcome: "open" } as const
}

/** All episodes in order. Linear in the length of the log. */
export const episodesOf = (
  losses: Float64Array,
  { batchSizes, isSmooth, ...options }: Options,
): Episodes => {
  const threshold = Elementary.log(options.threshold)
  const floor = floorOf(losses)
  const logs = losses.map((loss) =>
    Number.isFinite(loss) ? Elementary.log(Math.max(loss, floor)) : Number.NaN,
  )
  const scattered = isSmooth ? undefined : scatteredStart(logs)
  let calm = new Calm(scattered)
  const found: Array<Rise> = []

  /** Height above the level up to which a loss counts as calm. */
  const margin = () => {
    if (isSmooth) return threshold
    const { size } = calm.excess
    const isKnown = size >= known
    const noise = noiseFactor(calm.count) * (1 + 10 / Math.max(size, known)) * calm.noise()
    const least = isKnown ? recordFactor * calm.record() : Elementary.log(thresholdBefore)
    const above = calm.highest() + recordOf.multiple - calm.level()
    return Math.max(threshold, Math.min(above, Math.max(noise, least)))
  }

  const episodeAt = (at: number, level: number): Rise => {
    const noise = isSmooth ? 0 : calm.noise()
    const bound = level + Math.max(noise, Elementary.log(1.1))
    // one calm loss in ten is above the bound; before a loss that is none, nothing need have grown
    const first = Number.isFinite(logs[at]!) ? 0 : at - 1
    let start = Math.max(0, at - 1)
    while (start > first && logs[start]! > bound + noise && logs[start]! >= logs[start - 1]!) {
      start--
    }
    const { end, largest, outcome, peak } = stretchFrom(logs, at, { bound, isSmooth, start })
    let onset = Math.min(start + 1, at)
    while (onset < at && !(logs[onset]! - logs[start]! > threshold)) onset++
    const isLost =
      !Number.isFinite(logs[end]!) || largest > Elementary.log(lostAbove) + calm.largest
    return {
      start,
      onset,
      peak,
      end,
      reference: losses[start]!,
      peakLoss: losses[peak]!,
      noise,
      calm: calm.count,
      highest: Elementary.exp(calm.largest),
      outcome: outcome !== "closed" && isLost ? "lost" : outcome,
    }
  }

  let size = batchSizes?.[0] ?? Number.NaN
  for (let t = 0; t < logs.length; t++) {
    const value = logs[t]!
    const now = batchSizes?.[t] ?? Number.NaN
    if (now > 0 && now !== size) {
      if (size > 0) calm = new Calm(scatteredStart(logs.subarray(t)))
      size = now
    }
    const last = isSmooth && t > 0 ? logs[t - 1]! : Number.POSITIVE_INFINITY
    const level = Math.min(calm.level(), Number.isNaN(last) ? Number.POSITIVE_INFINITY : last)
    if (
      Number.isFinite(value) &&
      !((calm.count > 0 || calm.isStarted) && value - level > margin())
    ) {
      calm.add(value)
      continue
    }
    const episode = episodeAt(t, level)
    const ratio = isSmooth ? undefined : roughenedAt(logs, episode.start, level)
    if (ratio !== undefined) {
      found.push({ ...episode, rougher: ratio })
      calm = new Calm(scatteredStart(logs.subarray(t)))
      continue
    }
    found.push(episode)
    t = episode.end
    if (episode.outcome === "closed") calm.add(logs[t]!)
    else if (t < logs.length - 1) calm.settle(logs, episode.peak, t)
  }
  return { episodes: found, unseen: Elementary.exp(margin()) }
}
