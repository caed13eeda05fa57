import { matrixGame } from "@nonconvex/problems"
import * as Products from "@nonconvex/problems/Products"
import { RandomStream, Seed } from "@nonconvex/numerics"
import { type Problem, saddlePoint } from "../../src/index.ts"

export const rockPaperScissors = Float64Array.of(0, 1, -1, -1, 0, 1, 1, -1, 0)

/** A matrix game between mixed strategies, and the centre of both simplices. */
export const gameOf = (
  matrix: Float64Array,
  columns: number,
  products: Products.Products = Products.float64,
): { readonly problem: Problem; readonly center: Float64Array } => {
  const rows = matrix.length / columns
  return {
    problem: saddlePoint(matrixGame({ matrix, columns, products })),
    center: new Float64Array(rows + columns).fill(1 / rows, 0, rows).fill(1 / columns, rows),
  }
}

/** A matrix of 2 to 5 rows and columns with entries between -1 and 1. */
export const randomMatrix = (seed: number): { matrix: Float64Array; columns: number } => {
  const stream = RandomStream.make(Seed.root(seed).child("payoffs"))
  const rows = 2 + stream.integer(4)
  const columns = 2 + stream.integer(4)
  const matrix = Float64Array.from({ length: rows * columns }, () => 2 * stream.uniform() - 1)
  return { matrix, columns }
}

/** The advertised setting: two per cent at most, for deviations of 4e-5. */
export const advertised = { gap: 0.4, deviation: 4e-5, failure: 0.02 }
