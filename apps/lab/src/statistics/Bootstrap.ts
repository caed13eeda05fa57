/** Bias-corrected and accelerated bootstrap confidence intervals of a mean, without assumptions on the tails (Efron 1987). */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Summary from "@nonconvex/evidence/Summary"
import jStat from "jstat"
import type { Interval } from "./Student.ts"

/** Resamples: enough for the 2.5 % points to two digits, and always the same. */
const resamples = 4000

const normalPoint = (p: number): number => jStat.normal.inv(p, 0, 1)

/** One sixth of the skewness of the leave-one-out means: the acceleration of the interval. */
const acceleration = (values: ReadonlyArray<number>, mean: number): number => {
  // without one value the mean moves by its distance from the mean, over n - 1
  const apart = values.map((value) => value - mean)
  const squares = apart.reduce((sum, value) => sum + value * value, 0)
  const cubes = apart.reduce((sum, value) => sum + value * value * value, 0)
  return squares === 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares))
}

const streamOfPicks = () => RandomStream.make(Seed.root(1).child("bootstrap"))

/** Largest sample size for which resampling indices are cached; studies seldom have more seeds. */
const mostKept = 64

const kept = new Map<number, Uint8Array>()

/** The values that each resample picks of `count`, the same for every sample of that size. */
const picksOf = (count: number): Uint8Array => {
  const known = kept.get(count)
  if (known !== undefined) return known
  const stream = streamOfPicks()
  const picks = new Uint8Array(resamples * count)
  for (let at = 0; at < picks.length; at++) picks[at] = stream.integer(count)
  kept.set(count, picks)
  return picks
}

/** The means of all resamples. */
const resampled = (values: Float64Array): Float64Array => {
  const count = values.length
  const picks = count <= mostKept ? picksOf(count) : undefined
  const stream = streamOfPicks()
  const means = new Float64Array(resamples)
  for (let each = 0; each < resamples; each++) {
    let sum = 0
    for (let at = 0; at < count; at++) {
      sum += values[picks === undefined ? stream.integer(count) : picks[each * count + at]!]!
    }
    means[each] = sum / count
  }
  return means
}

/** Number of values below a bar, plus half of those equal to it, so that a median of integers has no bias. */
const countBelow = (values: Float64Array, bar: number): number => {
  let count = 0
  for (let at = 0; at < values.length; at++) {
    if (values[at]! < bar) count++
    else if (values[at] === bar) count += 0.5
  }
  return count
}

/** 95 % confidence interval of the mean of independent values; NaN for fewer than two, and of width zero if all are equal. */
export const interval = (values: ReadonlyArray<number>): Interval => {
  const count = values.length
  if (count < 2) return { low: Number.NaN, high: Number.NaN }
  const [origin = Number.NaN] = values
  const from = values.map((value) => value - origin)
  const mean = Summary.mean(from)
  const means = resampled(Float64Array.from(from)).toSorted()
  const bias = normalPoint(Math.min(Math.max(countBelow(means, mean) / resamples, 1e-4), 1 - 1e-4))
  const a = acceleration(from, mean)
  const end = (p: number): number => {
    const z = bias + normalPoint(p)
    const place = jStat.normal.cdf(bias + z / (1 - a * z), 0, 1) * (resamples - 1)
    return origin + means[Math.round(place)]!
  }
  return { low: end(0.025), high: end(0.975) }
}
