/** Numbers of permutations of `count` items with 0, 1, 2, ... inversions. */
const inversions = (count: number): ReadonlyArray<number> => {
  let counts = [1]
  for (let items = 2; items <= count; items++) {
    const next = Array.from({ length: counts.length + items - 1 }, () => 0)
    counts.forEach((many, at) => {
      for (let more = 0; more < items; more++) next[at + more]! += many
    })
    counts = next
  }
  return counts
}

/**
 * Probability that a sequence without a trend has at least as many falling pairs: the exact one-sided Mann-Kendall test. A
 * tie does not count as a fall.
 */
export const probabilityOfFall = (values: ReadonlyArray<number>): number => {
  const falls = values.flatMap((first, at) => values.slice(at + 1).filter((later) => later < first))
  const counts = inversions(values.length)
  const all = counts.reduce((sum, count) => sum + count)
  return counts.slice(falls.length).reduce((sum, count) => sum + count, 0) / all
}
