import type { Entry } from "../Parts.ts"

const width = 132
const height = 14
const inset = 5

const at = (margin: number): number =>
  inset + Math.min(1, Math.max(0, margin)) * (width - 2 * inset)

/** Margins of a claim in one line: 0 is the limit, 1 is far from it; from worst to median, with ticks at two percentiles. */
export const Margins = ({ of }: { readonly of: NonNullable<Entry["margins"]> }) => {
  const [worst, percent1, percent10, median] = of
  const label = `margins: worst ${worst}, 1 % below ${percent1}, 10 % below ${percent10}, median ${median}`
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      <path d={`M${inset} 7H${width - inset}`} stroke="var(--line)" stroke-width="2" />
      <path d={`M${inset} 1V13`} stroke="var(--bad)" />
      <path d={`M${at(worst)} 7H${at(median)}`} stroke="var(--series-1)" stroke-width="4" />
      {[percent1, percent10].map((margin) => (
        <path key={margin} d={`M${at(margin)} 3V11`} stroke="var(--series-1)" />
      ))}
      <circle cx={at(worst)} cy="7" r="3.5" fill="var(--series-2)" />
    </svg>
  )
}
