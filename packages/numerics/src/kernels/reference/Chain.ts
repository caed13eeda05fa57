/** The product of a chain of matrices and the gradient through it: the twin of `assembly/chain.ts`. */
import { gemm } from "./Gemm.ts"

export const chain = (widths: Int32Array, x: Float64Array, products: Float64Array): void => {
  const columns = widths[0]!
  let [from, to] = [0, 0]
  let before = x.subarray(0, widths[1]! * columns)
  for (let j = 2; j < widths.length; j++) {
    const [m, k] = [widths[j]!, widths[j - 1]!]
    from += k * widths[j - 2]!
    const product = products.subarray(to, to + m * columns)
    gemm(false, false, m, columns, k, 1, x.subarray(from, from + m * k), before, 0, product)
    before = product
    to += m * columns
  }
}

export const chainGradient = (
  widths: Int32Array,
  x: Float64Array,
  products: Float64Array,
  backs: Float64Array,
  gradient: Float64Array,
): void => {
  const columns = widths[0]!
  let [end, endOfProducts] = [x.length, products.length]
  for (let j = widths.length - 1; j >= 2; j--) {
    const [m, k] = [widths[j]!, widths[j - 1]!]
    const at = end - m * k
    const atProduct = endOfProducts - m * columns
    const layer = x.subarray(at, end)
    const back = backs.subarray(atProduct, endOfProducts)
    const part = (first: Float64Array, others: Float64Array) =>
      j === 2
        ? first.subarray(at - k * columns, at)
        : others.subarray(atProduct - k * columns, atProduct)
    gemm(false, true, m, k, columns, 1, back, part(x, products), 0, gradient.subarray(at, end))
    gemm(true, false, k, columns, m, 1, layer, back, 0, part(gradient, backs))
    end = at
    endOfProducts = atProduct
  }
}
