/** Running means of points, with compensated sums: a million steps lose no digits. */

export interface Average {
  readonly sum: Float64Array
  readonly compensation: Float64Array
  count: number
}

/** An empty average of points with `size` coordinates. */
export const make = (size: number): Average => ({
  sum: new Float64Array(size),
  compensation: new Float64Array(size),
  count: 0,
})

/** Adds a point with the given number of coordinates; the array is not kept. */
export const add = (average: Average, point: Float64Array): void => {
  const { compensation, sum } = average
  for (let i = 0; i < sum.length; i++) {
    const held = sum[i]!
    const next = point[i]!
    const total = held + next
    // Knuth's two-sum: what the sum has lost, without a comparison
    const added = total - held
    compensation[i] = compensation[i]! + (held - (total - added) + (next - added))
    sum[i] = total
  }
  average.count++
}

/** Mean of the points added so far; NaN before the first. */
export const mean = ({ compensation, count, sum }: Average): Float64Array =>
  sum.map((total, i) => (total + compensation[i]!) / count)
