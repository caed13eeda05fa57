/** Trend of the worst margins of a search over growing sizes, by a test that was fixed before any claim was tested. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Schema } from "effect"
import { probabilityOfFall } from "./MannKendall.ts"
import { medianSlope } from "./TheilSen.ts"

/** Minimum number of sizes for a significant trend: four that fall in order have probability 1/24. */
const fewest = 4

/** Level of the one-sided Mann-Kendall test. */
const level = 0.05

/** A margin that would last for more doublings than these is flat, however steadily it falls. */
const doublings = 20

/** Direction of the worst margins over growing sizes; `untested` if there are too few. */
export const Trend = Schema.Union([
  Schema.TaggedStruct("Untested", {}),
  Schema.TaggedStruct("Flat", { p: Schema.Number }),
  /** `failsAt` is the factor of growth at which the margin would reach 0 at the rate of the trend. */
  Schema.TaggedStruct("Falling", { p: Schema.Number, failsAt: Schema.Number }),
])
export type Trend = typeof Trend.Type

/**
 * Trend of worst margins at sizes that double each time.
 *
 * It is falling under two conditions. The one-sided Mann-Kendall test rejects the hypothesis of no fall at 5 %. The
 * Theil-Sen slope against the logarithm of the size reaches 0 from the last margin within twenty doublings. Otherwise it is
 * flat. At least four sizes are needed.
 */
export const of = (margins: ReadonlyArray<number>): Trend => {
  if (margins.length < fewest) return { _tag: "Untested" }
  const p = probabilityOfFall(margins)
  const slope = medianSlope(margins.map((margin, doubling) => [doubling, margin]))
  const left = -margins.at(-1)! / slope
  if (p > level || !(slope < 0) || left > doublings) return { _tag: "Flat", p }
  return { _tag: "Falling", p, failsAt: Math.round(Elementary.pow(2, margins.length - 1 + left)) }
}
