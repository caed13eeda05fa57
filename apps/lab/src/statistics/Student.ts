/** Means with Student's intervals, and tests of whether two means differ. Quantiles and probabilities are those of jstat. */
import * as Summary from "@nonconvex/evidence/Summary"
import * as Elementary from "@nonconvex/numerics/Elementary"
import jStat from "jstat"

/** The 97.5 % quantile of Student's t for a possibly fractional number of degrees of freedom. Error at most 1e-7. */
export const point = (freedom: number): number => jStat.studentt.inv(0.975, freedom)

/** Two-sided p-value of Student's t. Relative error at most 1e-8. */
export const probability = (t: number, freedom: number): number =>
  jStat.ibeta(freedom / (freedom + t * t), freedom / 2, 1 / 2)

/** Confidence interval of a mean, at 95 %. */
export interface Interval {
  readonly low: number
  readonly high: number
}

const around = (mean: number, error: number, freedom: number): Interval => {
  // of one value, or of none, nothing is known about the others
  const reach = freedom > 0 ? point(freedom) * error : Number.NaN
  return { low: mean - reach, high: mean + reach }
}

/** Independent values of one kind. */
export interface Sample extends Interval {
  readonly count: number
  readonly mean: number
  /** The standard deviation, with `count - 1` under the sum; NaN of fewer than two. */
  readonly sd: number
}

/** The mean, standard deviation and 95 % interval of independent values. */
export const sample = (values: ReadonlyArray<number>): Sample => {
  const count = values.length
  // about the first value, so that equal values have no spread at all
  const [origin = Number.NaN] = values
  const mean = origin + Summary.mean(values.map((value) => value - origin))
  const sd =
    count < 2
      ? Number.NaN
      : Math.sqrt(
          values.reduce((sum, value) => sum + Elementary.square(value - mean), 0) / (count - 1),
        )
  return { count, mean, sd, ...around(mean, sd / Math.sqrt(count), count - 1) }
}

/** Difference of two means, with its confidence interval and test. */
export interface Difference extends Interval {
  readonly test: "paired t test" | "Welch's t test"
  /** Pairs, or values of both samples together. */
  readonly count: number
  /** Mean of the second minus mean of the first. */
  readonly mean: number
  readonly t: number
  readonly freedom: number
  /** Two-sided p-value of the difference; NaN if nothing varies. */
  readonly p: number
}

/** The test of a mean against 0. */
export const tested = (
  test: Difference["test"],
  count: number,
  mean: number,
  error: number,
  freedom: number,
): Difference => {
  const t = mean / error
  // where nothing varies, there is no chance to measure a difference against
  const p = error > 0 ? probability(t, freedom) : Number.NaN
  return { test, count, mean, t, freedom, p, ...around(mean, error, freedom) }
}
