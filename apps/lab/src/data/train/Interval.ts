/** Mean over parts of the data that were held out in turn, with its confidence interval. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Schema } from "effect"
import * as Student from "../../statistics/Student.ts"

export const Interval = Schema.Struct({
  mean: Schema.Number,
  /** Lower end of a 95 % confidence interval of the mean. */
  low: Schema.Number,
  high: Schema.Number,
})
export type Interval = typeof Interval.Type

/**
 * Interval for values that were each measured on a part with a share `heldOut` of the rows, after training on the rest.
 * Trainings share rows, so their mean varies more than that of independent ones: by `1/J + heldOut / (1 - heldOut)` times
 * one variance (Nadeau and Bengio 2003).
 */
export const ofHeldOut = (values: ReadonlyArray<number>, heldOut: number): Interval => {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const variance =
    values.reduce((sum, value) => sum + Elementary.square(value - mean), 0) / (count - 1)
  const error = Math.sqrt(variance * (1 / count + heldOut / (1 - heldOut)))
  const reach = Student.point(count - 1) * error
  return { mean, low: mean - reach, high: mean + reach }
}
