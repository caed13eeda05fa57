/** The margins of a claim as shapes: how they are distributed, and how near to a violation a search came with its effort. */
import { significant } from "@nonconvex/numerics/Decimal"
import type { Histogram } from "@nonconvex/evidence/Histogram"
import * as Elementary from "@nonconvex/numerics/Elementary"

/** Pixels of a shape, and around it for its words. */
export const room = { width: 280, height: 64, left: 6, below: 18 }

const rounded = (value: number): number => Math.round(value * 10) / 10

/** Bars from the left to the right, each as high as its bin is full, as a path; a bin that has any is seen. */
export const bars = ({ counts }: Histogram): string => {
  const { height, left, width } = room
  const most = counts.reduce((a, b) => Math.max(a, b))
  const each = width / counts.length
  return counts
    .flatMap((count, bin) => {
      if (count === 0) return []
      const high = rounded(Math.max(2, (count / most) * height))
      const wide = rounded(Math.max(1, each - 1))
      return [`M${rounded(left + bin * each)} ${height}v-${high}h${wide}v${high}z`]
    })
    .join("")
}

/** From this factor on between the worst margin of one draw and of all, decades are as wide as each other. */
const decades = 100

/**
 * Steps from the left to the right: the draws on a logarithmic axis, the worst margin so far from 0, or from the worst of all where it is decades
 * lower, at the bottom to the worst of one draw at the top.
 */
export const steps = (draws: ReadonlyArray<number>, reached: ReadonlyArray<number>): string => {
  const { height, left, width } = room
  const [first, last] = [reached[0]!, reached.at(-1)!]
  const isLog = last > 0 && first / last >= decades
  const whole = Elementary.log10(draws.at(-1)!)
  const x = (at: number) => rounded(left + (whole === 0 ? 0 : Elementary.log10(at) / whole) * width)
  const share = (margin: number) =>
    isLog ? Elementary.log(margin / last) / Elementary.log(first / last) : margin / (first || 1)
  const y = (margin: number) =>
    rounded(height - Math.min(1, Math.max(0, share(margin))) * (height - 4))
  return draws
    .map((at, i) => (i === 0 ? `M${x(at)} ${y(first)}` : `H${x(at)}V${y(reached[i]!)}`))
    .join("")
}

/** Edges of the bins of a histogram. */
const edges = ({ counts, largest, least, scale }: Histogram): ReadonlyArray<number> =>
  Array.from({ length: counts.length + 1 }, (_, k) => {
    const share = k / counts.length
    if (k === counts.length) return largest
    return scale === "linear"
      ? least + share * (largest - least)
      : least * Elementary.pow(largest / least, share)
  })

/** Describes a histogram to a reader who cannot see it: the range that holds most of its numbers. */
export const inWords = (histogram: Histogram): string => {
  const { counts, largest, least } = histogram
  const total = counts.reduce((sum, count) => sum + count, 0)
  const bounds = edges(histogram)
  const fullest = counts.indexOf(counts.reduce((a, b) => Math.max(a, b)))
  const share = Math.round((100 * counts[fullest]!) / total)
  return `${total} margins from ${significant(least)} to ${significant(largest)}; ${share} % of them from ${significant(bounds[fullest]!)} to ${significant(bounds[fullest + 1]!)}`
}
