/** Sizes and horizons among the fields of an instance, and the instance with larger ones. */
import { Schema } from "effect"
import { Extent } from "./Extent.ts"

/** Direction in which an instance grows: the number of steps of its runs, or the sizes of its data. */
export const Axis = Schema.Literals(["horizon", "size"])
export type Axis = typeof Axis.Type

/** Worst margin of the instances at one factor of growth, and their extent. */
export const Grown = Schema.Struct({
  factor: Schema.Int,
  extent: Extent,
  worst: Schema.Number,
})

const horizons = ["T", "ascents", "epochs", "rounds", "steps", "t"] as const

const sizes =
  "batch batchSize channels columns count d dimension draws extra factors flat group hidden inputs m max min neurons others outputs parameters predictors rank ranks rows samples side size spare support terms width widths zeros".split(
    " ",
  )

/** Sizes of a theorem's own range, which do not grow with the others. */
const fixed = ["depth", "levels", "bits", "digits"] as const

/** Lists with an entry for each dimension, whose lengths are sizes. */
const lists = ["ratios"] as const

const axisOf = new Map<string, Axis | "fixed" | "list">([
  ...horizons.map((name) => [name, "horizon"] as const),
  ...sizes.map((name) => [name, "size"] as const),
  ...fixed.map((name) => [name, "fixed"] as const),
  ...lists.map((name) => [name, "list"] as const),
])

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0

const visit = (value: object, onCount: (name: string, count: number) => void): void => {
  for (const [name, each] of Object.entries(value)) {
    const kind = axisOf.get(name)
    if (kind === "list" && Array.isArray(each)) onCount(name, each.length)
    else if (kind !== undefined && isCount(each)) onCount(name, each)
    else if (kind !== undefined && Array.isArray(each) && each.every(isCount)) {
      for (const count of each) onCount(name, count)
    } else if (typeof each === "object" && each !== null && !Array.isArray(each)) {
      visit(each as object, onCount)
    }
  }
}

/**
 * The sizes and horizons among the fields of an instance.
 */
export const of = (instance: object): Extent => {
  const extent: Record<string, number> = {}
  visit(instance, (name, count) => (extent[name] = Math.max(extent[name] ?? 0, count)))
  return extent
}

/** Tests whether instances of this extent grow along an axis. */
export const grows = (extent: Extent, axis: Axis): boolean =>
  Object.keys(extent).some((name) => isAlong(name, axis))

const isAlong = (name: string, axis: Axis): boolean => {
  const kind = axisOf.get(name)
  return kind === axis || (axis === "size" && kind === "list")
}

const grownField = (name: string, value: unknown, axis: Axis, factor: number): unknown => {
  if (isAlong(name, axis)) {
    if (isCount(value)) return factor * value
    if (Array.isArray(value)) {
      return axisOf.get(name) === "list"
        ? Array.from({ length: factor }, () => value as ReadonlyArray<unknown>).flat()
        : value.map((each: unknown) => grownField(name, each, axis, factor))
    }
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? grown(value, axis, factor)
    : value
}

/**
 * The instance with every size, or every horizon, times `factor`: all sizes together, so that a rank stays below its dimension. A list with an entry for each
 * dimension is repeated.
 */
export const grown = <Instance extends object>(
  instance: Instance,
  axis: Axis,
  factor: number,
): Instance =>
  // the fields stay, and so does the kind of each
  Object.fromEntries(
    Object.entries(instance).map(([name, value]) => [name, grownField(name, value, axis, factor)]),
  ) as Instance
