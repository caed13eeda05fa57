import type { FeasibleSet } from "./FeasibleSet.ts"
import type { Game } from "./Game.ts"
import { requireCount, requireFinite, requireLength } from "./Input.ts"
import * as Rows from "./Rows.ts"

/** A bilinear game; `saddle` is a saddle point of it where it is feasible. */
export interface BilinearGame extends Game {
  readonly saddle: Float64Array
  /** `max over y' of f(x, y') - min over x' of f(x', y)`: at least 0 on the feasible set, and 0 only at saddle points. */
  dualityGap(z: Float64Array): number
}

/**
 * The game `min over x, max over y of (x - x*)^T A (y - y*)`, each player in a copy of the same feasible set.
 *
 * `matrix` is A, row-major with as many columns as y has coordinates; `saddle` is `(x*, y*)`, the origin where it is not given.
 * Its operator is monotone, and linear around the saddle, so that plain gradient descent-ascent spirals outward. Throws
 * InvalidInput on wrong lengths and on numbers that are not finite.
 */
export const bilinearGame = (options: {
  readonly matrix: Float64Array
  readonly columns: number
  readonly feasible: FeasibleSet
  readonly saddle?: Float64Array
}): BilinearGame => {
  const { columns, feasible } = options
  requireCount("bilinearGame", "columns", columns)
  const rows = options.matrix.length / columns
  requireCount("bilinearGame", "matrix.length / columns", rows)
  requireFinite("bilinearGame", "matrix", options.matrix)
  const size = rows + columns
  const saddle = options.saddle?.slice() ?? new Float64Array(size)
  requireLength("bilinearGame", "saddle", saddle, size)
  requireFinite("bilinearGame", "saddle", saddle)
  const matrix = options.matrix.slice()
  const y = new Float64Array(columns)
  const pulled = new Float64Array(columns)
  const slope = new Float64Array(size)

  const operator: Game["operator"] = (z, out) => {
    for (let j = 0; j < columns; j++) y[j] = z[rows + j]! - saddle[rows + j]!
    pulled.fill(0)
    for (let i = 0; i < rows; i++) {
      Rows.add(z[i]! - saddle[i]!, matrix, i * columns, pulled)
      out[i] = Rows.dot(matrix, i * columns, y)
    }
    for (let j = 0; j < columns; j++) out[rows + j] = -pulled[j]!
  }
  return {
    name: `bilinear game, ${feasible.name}`,
    dimensions: [rows, columns],
    saddle,
    operator,
    project: (z) => {
      feasible.project(z, 0, rows)
      feasible.project(z, rows, size)
    },
    dualityGap: (z) => {
      // both sets are symmetric, so the sign of a block does not matter to its support
      operator(z, slope)
      let offset = 0
      for (let i = 0; i < size; i++) offset += slope[i]! * saddle[i]!
      return feasible.support(slope, 0, rows) + feasible.support(slope, rows, size) + offset
    },
  }
}
