/** Steps of gradient descent on the squared loss of a product of matrices, with the labels of each given, by the products of the kernels. */
import { chain, chainGradient } from "../../../numerics/assembly/chain"
import { residualOf } from "../../../numerics/assembly/residual"
import { bytes } from "../../../numerics/assembly/simd"
import { axpy, dot } from "../../../numerics/assembly/vector"

/**
 * Up to `steps` steps on batches of the rows of A; returns how many. Step t has the rows `rows[t batch ...]`, or all in their order where `rows` is 0, and the labels that lie
 * `numbers[2]` t bytes behind the first. It stops before a step whose loss is not finite, or which is not shorter than `numbers[1]`. `widths` are d_0, ..., d_depth.
 *
 * From `numbers[4]` on, behind the learning rate and these two, lie the matrices W_1, ..., W_depth, then room for the products from the second on, twice, for a gradient and for the
 * residuals of a batch.
 */
export function descend(
  steps: i32, depth: i32, widths: usize, batch: i32, a: usize, rows: usize, labels: usize, numbers: usize,
): i32 {
  const columns = load<i32>(widths)
  const size = columns * load<i32>(widths + 4 * <usize>depth)
  let dimension = 0
  let later = 0
  for (let j = 1; j <= depth; j++) {
    const width = load<i32>(widths + 4 * <usize>j)
    dimension += width * load<i32>(widths + 4 * <usize>(j - 1))
    if (j > 1) later += width * columns
  }
  const rate = load<f64>(numbers)
  const longest = load<f64>(numbers, 8)
  const nextLabels = <usize>load<f64>(numbers, 16)
  const nextRows: usize = rows == 0 ? 0 : <usize>batch << 2
  const x = numbers + 32
  const products = x + bytes<f64>(dimension)
  const backs = products + bytes<f64>(later)
  const gradient = backs + bytes<f64>(later)
  const residual = gradient + bytes<f64>(dimension)
  const last = bytes<f64>(later - size)
  for (let taken = 0; taken < steps; taken++) {
    chain(depth, widths, x, products, 0)
    residualOf(size, a, batch, rows, products + last, labels, 2 / <f64>batch, residual, backs + last)
    chainGradient(depth, widths, x, products, backs, gradient, 0)
    const loss = dot(batch, residual, residual) / <f64>batch
    const length = rate * sqrt(dot(dimension, gradient, gradient))
    if (!(loss - loss == 0 && length < longest)) return taken
    axpy(dimension, -rate, gradient, x)
    rows += nextRows
    labels += nextLabels
  }
  return steps
}
