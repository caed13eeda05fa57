/** Margins of a claim as shapes: their distribution, and how close a search came to a violation with its effort. */
import { significant } from "@nonconvex/numerics/Decimal"
import type { Histogram } from "@nonconvex/evidence/Histogram"
import * as Elementary from "@nonconvex/numerics/Elementary"

/** Pixels of a shape, and around it for labels. */
export const room = { width: 280, height: 64, left: 6, below: 18 }

const rounded = (value: number): number => Math.round(value * 10) / 10

/** Bars from left to right as a path, with heights by the counts of their bins; nonempty bins are visible. */
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

/** Ratio of the worst margin of one draw to that of all from which on the axis is logarithmic. */
const decades = 100

/**
 * Steps from left to right: the number of draws on a logarithmic axis, against the worst margin so far. The vertical axis starts
 * at 0, or at the worst of all if that is decades lower, and ends at the worst of one draw.
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

/** Describes a histogram for screen readers by the range that holds most of its numbers. */
export const inWords = (histogram: Histogram): string => {
  const { counts, largest, least } = histogram
  const total = counts.reduce((sum, count) => sum + count, 0)
  const bounds = edges(histogram)
  const fullest = counts.indexOf(counts.reduce((a, b) => Math.max(a, b)))
  const share = Math.round((100 * counts[fullest]!) / total)
  return `${total} margins from ${significant(least)} to ${significant(largest)}; ${share} % of them from ${significant(bounds[fullest]!)} to ${significant(bounds[fullest + 1]!)}`
}
