/** Explanations in one sentence. */
import type { Confidence, Kind } from "./Evidence.ts"
import { show } from "./Show.ts"

/**
 * Position of a rise, and its peak over the previous loss. The ratio is infinite above a loss of 0, and NaN if the loss
 * was not finite at once.
 */
export interface Place {
  readonly onset: number
  readonly height: number
}

const heights = (rises: ReadonlyArray<Place>): string => {
  const all = rises.map(({ height }) => height).filter((height) => !Number.isNaN(height))
  if (all.length === 0) return "the loss was not finite"
  const least = all.reduce((a, b) => Math.min(a, b))
  const most = all.reduce((a, b) => Math.max(a, b))
  const range = show(least) === show(most) ? show(most) : `${show(least)} to ${show(most)}`
  return most === Number.POSITIVE_INFINITY
    ? "risen from a loss of 0"
    : `${range} times the loss before`
}

/** Summary of similar rises: their cause, place, evidence, and advice. */
export const summarise = (
  kind: Kind,
  confidence: Confidence,
  rises: ReadonlyArray<Place>,
  because: string,
  said: string,
): string => {
  const where =
    rises.length === 1
      ? `at step ${rises[0]!.onset}`
      : `at ${rises.length} steps from ${rises[0]!.onset} to ${rises.at(-1)!.onset}`
  return `${kind} (${confidence}) ${where}: ${heights(rises)}; ${because}; ${said}`
}
