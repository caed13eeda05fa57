/** Running means of points, with compensated sums: a million steps lose no digits. */

export interface Average {
  readonly sum: Float64Array
  readonly compensation: Float64Array
  count: number
}

/**
 * An average of nothing yet, of points with `size` coordinates.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Average } from "@nonconvex/reproducible-minimax"
 *
 * const average = Average.make(2)
 * average.sum // => new Float64Array(2)
 * average.count // => 0
 * ```
 */
export const make = (size: number): Average => ({
  sum: new Float64Array(size),
  compensation: new Float64Array(size),
  count: 0,
})

/**
 * Adds a point of as many coordinates; it is not kept.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Average } from "@nonconvex/reproducible-minimax"
 *
 * const average = Average.make(2)
 * Average.add(average, Float64Array.of(1, 2))
 * Average.add(average, Float64Array.of(3, 6))
 * Average.mean(average) // => Float64Array.of(2, 4)
 * ```
 */
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

/**
 * The mean of the points added so far, NaN before the first.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Average, extragradient, saddlePoint } from "@nonconvex/reproducible-minimax"
 * import { bilinearGame, FeasibleSet } from "@nonconvex/problems"
 *
 * const matrix = Float64Array.of(1)
 * const game = bilinearGame({ matrix, columns: 1, feasible: FeasibleSet.ball(1) }) // x y
 * const method = extragradient({ step: 0.5 })
 * const state = method.init(saddlePoint(game), Float64Array.of(0.5, 0))
 * for (let t = 0; t < 100; t++) method.step(state)
 * game.dualityGap(Average.mean(state.average)) < 0.02 // => true
 * ```
 */
export const mean = ({ compensation, count, sum }: Average): Float64Array =>
  sum.map((total, i) => (total + compensation[i]!) / count)
