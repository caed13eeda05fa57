/**
 * Mean of a few values with unknown tails. Student's interval assumes light tails, and the bootstrap interval is too narrow
 * for ten values. The interval here therefore covers both.
 */
import * as Bootstrap from "./Bootstrap.ts"
import * as Student from "./Student.ts"

/** The mean and standard deviation of independent values, with the wider interval. */
export const sample = (values: ReadonlyArray<number>): Student.Sample => {
  const { high, low, ...rest } = Student.sample(values)
  const resampled = Bootstrap.interval(values)
  return { ...rest, low: Math.min(low, resampled.low), high: Math.max(high, resampled.high) }
}

/** Student's p-value of a mean against `bar`; NaN if nothing varies. */
export const probability = ({ count, mean, sd }: Student.Sample, bar: number): number =>
  sd > 0 ? Student.probability((mean - bar) / (sd / Math.sqrt(count)), count - 1) : Number.NaN
