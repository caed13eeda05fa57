/** Histogram with bins of equal width, or of equal ratio for numbers over several decades. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Schema } from "effect"

const bins = 20

/** Counts in bins from the least number to the largest; all in one where these are equal. */
export const Histogram = Schema.Struct({
  least: Schema.Number,
  largest: Schema.Number,
  scale: Schema.Literals(["linear", "logarithmic"]),
  counts: Schema.Array(Schema.Int).check(Schema.isMaxLength(bins)),
})
export type Histogram = typeof Histogram.Type

/** Ratio of the largest to the smallest positive number from which on bins have equal ratios. */
const decades = 100

/**
 * Histogram of the finite numbers; undefined if there are none.
 *
 * @internal
 */
export const of = (numbers: ArrayLike<number>): Histogram | undefined => {
  const finite = Float64Array.from(numbers).filter(Number.isFinite)
  if (finite.length === 0) return undefined
  const [least, largest] = finite.reduce<readonly [number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  )
  const isLogarithmic = least > 0 && largest / least >= decades
  const scale = isLogarithmic ? ("logarithmic" as const) : ("linear" as const)
  if (least === largest) return { least, largest, scale, counts: [finite.length] }
  const counts = Array.from({ length: bins }, () => 0)
  const place = isLogarithmic ? Elementary.log : (value: number) => value
  const [from, to] = [place(least), place(largest)]
  // halves, for the distance of two numbers may be more than the largest
  const width = 0.5 * to - 0.5 * from
  for (const value of finite) {
    const share = (0.5 * place(value) - 0.5 * from) / width
    counts[Math.min(bins - 1, Math.floor(bins * share))]!++
  }
  return { least, largest, scale, counts }
}
