/** Medians with their spread. */

export interface Spread {
  readonly median: number
  /** The quartiles. */
  readonly low: number
  readonly high: number
}

const quantile = (sorted: ReadonlyArray<number>, q: number): number => {
  const at = q * (sorted.length - 1)
  const below = Math.floor(at)
  const rest = at - below
  return sorted[below]! * (1 - rest) + (sorted[below + 1] ?? sorted[below]!) * rest
}

/** Of at least one number. */
export const spread = (values: ReadonlyArray<number>): Spread => {
  const sorted = values.toSorted((a, b) => a - b)
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
  }
}
