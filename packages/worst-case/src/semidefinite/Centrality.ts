/**
 * Multiple centrality corrections equalise the products of primal and dual, so that longer steps stay feasible (J. Gondzio,
 * Multiple centrality corrections in a primal-dual method for linear programming, 1996).
 */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { jordan } from "./Jordan.ts"
import { eachBlock } from "./Problem.ts"
import * as Scaling from "./Scaling.ts"

/** Factor: products from a tenth to ten times the target are not corrected. */
const wide = 10

/** Distance of a product from these limits; a large one is reduced by at most its largest allowed value. */
export const missing = (product: number, wanted: number): number => {
  const near = Math.min(Math.max(product, wanted / wide), wide * wanted)
  return Math.max(near - product, -wide * wanted)
}

/** The same distance for all products of the cone after a step along dx and ds: eigenvalues of blocks, and numbers. */
export const missingOf = (
  kernels: Kernels,
  { orders, point }: Scaling.Scaling,
  { ds, dx }: { readonly dx: Float64Array; readonly ds: Float64Array },
  step: number,
  wanted: number,
): Float64Array => {
  const from = new Float64Array(dx.length)
  Scaling.placeDiagonal(orders, point, from)
  const moved = (direction: Float64Array) => from.map((value, i) => value + step * direction[i]!)
  const products = jordan(orders, moved(dx), moved(ds))
  const out = products.map((product) => missing(product, wanted))
  eachBlock(orders, (offset, order) => {
    const block = out.subarray(offset, offset + order * order).fill(0)
    const pairs = SymmetricEigen.eigen(
      products.slice(offset, offset + order * order),
      order,
      kernels,
    )
    pairs.values.forEach((value, k) => {
      const off = missing(value, wanted)
      if (off !== 0) {
        const vector = SymmetricEigen.vector(pairs, k)
        kernels.ger(order, order, off, vector, vector, block)
      }
    })
  })
  return out
}
