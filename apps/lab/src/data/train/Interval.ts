/** A mean over parts of the data that were held out in turn, with what chance may do to it. */
import { Schema } from "effect"

export const Interval = Schema.Struct({
  mean: Schema.Number,
  /** Where the mean lies with 95 % confidence. */
  low: Schema.Number,
  high: Schema.Number,
})
export type Interval = typeof Interval.Type

const few = [Number.NaN, 12.7062, 4.30265, 3.18245]
const z = 1.959964

/** The 97.5 % point of Student's t: a table below 4 degrees of freedom, then Fisher's expansion, right to 1e-3. */
export const studentPoint = (freedom: number): number =>
  few[freedom] ??
  z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3) +
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / (92_160 * freedom ** 4)

/**
 * The interval of values that were each measured on a part of `heldOut` of the rows, trained on the rest. The trainings share rows,
 * so that their mean varies more than that of independent ones: by `1/J + heldOut / (1 - heldOut)` times the variance of one, after
 * Nadeau and Bengio 2003.
 */
export const ofHeldOut = (values: ReadonlyArray<number>, heldOut: number): Interval => {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)
  const error = Math.sqrt(variance * (1 / count + heldOut / (1 - heldOut)))
  const reach = studentPoint(count - 1) * error
  return { mean, low: mean - reach, high: mean + reach }
}
