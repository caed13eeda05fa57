/**
 * P-values of several tests, adjusted by Holm's method of 1979. If no means differ, the probability that any of them is
 * below 0.05 is at most 0.05. NaN stays NaN and does not count as a test.
 */
export const holm = (probabilities: ReadonlyArray<number>): ReadonlyArray<number> => {
  const order = probabilities
    .map((p, at) => ({ p, at }))
    .filter(({ p }) => !Number.isNaN(p))
    .toSorted((a, b) => a.p - b.p)
  const raised = probabilities.map(() => Number.NaN)
  let least = 0
  for (const [rank, { p, at }] of order.entries()) {
    least = Math.max(least, Math.min(1, p * (order.length - rank)))
    raised[at] = least
  }
  return raised
}
