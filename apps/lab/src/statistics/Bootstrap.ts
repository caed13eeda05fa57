/** Confidence intervals of a mean from the values themselves, without an assumption on their tails: bias-corrected and accelerated, after Efron 1987. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Summary from "@nonconvex/evidence/Summary"
import jStat from "jstat"
import type { Interval } from "./Student.ts"

/** Resamples: enough for the 2.5 % points to two digits, and always the same. */
const resamples = 4000

const normalPoint = (p: number): number => jStat.normal.inv(p, 0, 1)

/** The skewness of the mean of all values but one, over 6: the acceleration of the interval. */
const acceleration = (values: ReadonlyArray<number>, mean: number): number => {
  // without one value the mean moves by its distance from the mean, over n - 1
  const apart = values.map((value) => value - mean)
  const squares = apart.reduce((sum, value) => sum + value * value, 0)
  const cubes = apart.reduce((sum, value) => sum + value * value * value, 0)
  return squares === 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares))
}

/** The 95 % interval of the mean of independent values; NaN of fewer than two, and of width zero where all are equal. */
export const interval = (values: ReadonlyArray<number>): Interval => {
  const count = values.length
  if (count < 2) return { low: Number.NaN, high: Number.NaN }
  const [origin = Number.NaN] = values
  const from = values.map((value) => value - origin)
  const mean = Summary.mean(from)
  const stream = RandomStream.make(Seed.root(1).child("bootstrap"))
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0
    for (let at = 0; at < count; at++) sum += from[stream.integer(count)]!
    return sum / count
  }).toSorted()
  // half of those that are equal, so that a median of integers has no bias
  const below =
    means.filter((each) => each < mean).length + means.filter((each) => each === mean).length / 2
  const bias = normalPoint(Math.min(Math.max(below / resamples, 1e-4), 1 - 1e-4))
  const a = acceleration(from, mean)
  const end = (p: number): number => {
    const z = bias + normalPoint(p)
    const place = jStat.normal.cdf(bias + z / (1 - a * z), 0, 1) * (resamples - 1)
    return origin + means[Math.round(place)]!
  }
  return { low: end(0.025), high: end(0.975) }
}
