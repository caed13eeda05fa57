/** Statistics of a column over some rows; NaN for none, so that no expectation holds without rows. */
/** The mean; NaN of none. */
export const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** The largest; NaN of none. */
export const largest = (values: ReadonlyArray<number>): number =>
  values.length === 0 ? Number.NaN : values.reduce((most, value) => Math.max(most, value))

/** The smallest; NaN of none. */
export const smallest = (values: ReadonlyArray<number>): number =>
  values.length === 0 ? Number.NaN : values.reduce((least, value) => Math.min(least, value))

/** The median, or the mean of the two middle values; NaN if there are none. */
export const median = (values: ReadonlyArray<number>): number => {
  const sorted = Float64Array.from(values).toSorted()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** The distinct values, in order of appearance. */
export const distinct = <Value>(values: ReadonlyArray<Value>): ReadonlyArray<Value> => [
  ...new Set(values),
]
