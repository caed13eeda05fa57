/** A matrix game as several machines compute it. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import { matrixGame } from "@nonconvex/problems/BilinearGame"
import * as Products from "@nonconvex/problems/Products"
import { onGrid, throughFloat32 } from "../../oracle/InexactOracle.ts"
import { saddlePoint } from "../../problem/Problem.ts"

/** The game in float64, with oracles that round (one of them to a grid of 2^-bits), and the point of uniform play. */
export const machines = (options: {
  readonly matrix: Float64Array
  readonly columns: number
  readonly bits: number
  readonly seed: Seed.Seed
  readonly kernels: Kernels
}) => {
  const { bits, columns, matrix, seed } = options
  const make = (products: Products.Products) => saddlePoint(matrixGame({ ...options, products }))
  const rows = matrix.length / columns
  const center = new Float64Array(rows + columns).fill(1 / rows, 0, rows).fill(1 / columns, rows)
  const exact = make(Products.float64)
  return {
    center,
    exact,
    rounding: {
      "float32 products": make(Products.float32),
      "permuted sums": make(Products.permuted(RandomStream.make(seed.child("order")))),
      "through float32": throughFloat32(exact, center),
      [`grid of 2^-${bits}`]: onGrid(exact, Elementary.powerOfTwo(-bits)),
    },
  }
}
