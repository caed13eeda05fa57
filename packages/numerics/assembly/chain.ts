/** The product of a chain of matrices W_depth ... W_1, and the gradient of a function of the product. */
import { bytes } from "./simd"
import { product } from "./small"

@inline
function width(widths: usize, j: i32): i32 {
  return load<i32>(widths + 4 * <usize>j)
}

/** P_j = W_j P_(j-1) for j from 2 on, with P_1 = W_1, one after the other in `products`. */
export function chain(depth: i32, widths: usize, x: usize, products: usize, work: usize): void {
  const columns = width(widths, 0)
  let before = x
  for (let j = 2; j <= depth; j++) {
    const k = width(widths, j - 1)
    const m = width(widths, j)
    x += bytes<f64>(k * width(widths, j - 2))
    product(false, false, m, columns, k, x, before, products, work)
    before = products
    products += bytes<f64>(m * columns)
  }
}

/**
 * `gradient`: G_j = X_j P_(j-1)^T and G_1 = X_1, where X_depth is given and X_(j-1) = W_j^T X_j; the X_j from 2 on lie in `backs`
 * as the P_j in `products`.
 */
export function chainGradient(
  depth: i32, widths: usize, x: usize, products: usize, backs: usize, gradient: usize, work: usize,
): void {
  const columns = width(widths, 0)
  // the ends of the parts in use
  for (let j = 1; j <= depth; j++) {
    const size = bytes<f64>(width(widths, j) * width(widths, j - 1))
    x += size
    gradient += size
    if (j == 1) continue
    products += bytes<f64>(width(widths, j) * columns)
    backs += bytes<f64>(width(widths, j) * columns)
  }
  for (let j = depth; j >= 2; j--) {
    const m = width(widths, j)
    const k = width(widths, j - 1)
    const size = bytes<f64>(m * k)
    const sizeOfProduct = bytes<f64>(m * columns)
    const sizeBefore = bytes<f64>(k * columns)
    x -= size
    gradient -= size
    products -= sizeOfProduct
    backs -= sizeOfProduct
    product(false, true, m, k, columns, backs, j == 2 ? x - sizeBefore : products - sizeBefore, gradient, work)
    product(true, false, k, columns, m, x, backs, (j == 2 ? gradient : backs) - sizeBefore, work)
  }
}
