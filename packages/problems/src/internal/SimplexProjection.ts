/**
 * Projection on the nonnegative points that sum to `total`, in place, by repeated thresholds (Michelot 1986): no sort, no
 * scratch, and no rule for ties, because equal coordinates are kept or dropped together.
 */
export const projectOnSimplex = (
  point: Float64Array,
  begin: number,
  end: number,
  total: number,
): void => {
  // the projection does not change where all coordinates move alike, and differences to the largest do not cancel
  let largest = Number.NEGATIVE_INFINITY
  for (let i = begin; i < end; i++) largest = Math.max(largest, point[i]!)
  for (let i = begin; i < end; i++) point[i]! -= largest
  let threshold = Number.NEGATIVE_INFINITY
  let count = end - begin + 1
  for (;;) {
    let sum = 0
    let kept = 0
    for (let i = begin; i < end; i++) {
      if (point[i]! > threshold) {
        sum += point[i]!
        kept++
      }
    }
    if (kept === 0 || kept >= count) break
    count = kept
    threshold = (sum - total) / kept
  }
  for (let i = begin; i < end; i++) point[i] = Math.max(0, point[i]! - threshold)
}
