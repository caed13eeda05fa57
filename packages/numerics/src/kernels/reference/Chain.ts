/** The product of a chain of matrices and the gradient through it: the twin of `assembly/chain.ts`. */
import { product } from "./Product.ts"

export const chain = (widths: Int32Array, x: Float64Array, products: Float64Array): void => {
  const n = widths[0]!
  let layer = 0
  let to = 0
  for (let j = 2; j < widths.length; j++) {
    const m = widths[j]!
    const k = widths[j - 1]!
    layer += k * widths[j - 2]!
    const before = j === 2 ? x : products
    const at = j === 2 ? 0 : to - k * n
    product(false, false, m, n, k, 1, x, layer, k, before, at, n, 0, products, to, n)
    to += m * n
  }
}

export const chainGradient = (
  widths: Int32Array,
  x: Float64Array,
  products: Float64Array,
  backs: Float64Array,
  gradient: Float64Array,
): void => {
  const n = widths[0]!
  let layer = x.length
  let back = backs.length
  for (let j = widths.length - 1; j >= 2; j--) {
    const m = widths[j]!
    const k = widths[j - 1]!
    layer -= m * k
    back -= m * n
    const first = j === 2
    const at = (first ? layer : back) - k * n
    const before = first ? x : products
    const to = first ? gradient : backs
    product(false, true, m, k, n, 1, backs, back, n, before, at, n, 0, gradient, layer, k)
    product(true, false, k, n, m, 1, x, layer, k, backs, back, n, 0, to, at, n)
  }
}
