/** Whole runs of gradient descent on the squared loss of a product of matrices, by the kernels of its steps: the twin of `reference/ChainRun.ts`. */
import { chain, chainGradient } from "./chain"
import { residualOf } from "./residual"
import { bytes } from "./simd"
import { axpy, dot } from "./vector"

/**
 * Up to `steps` steps on batches of `batch` of the rows of A, each of `size` numbers; returns how many. Step t has the batch and the labels that lie t times `nextRows` and
 * `nextLabels` bytes behind the first; all rows in their order where `rows` is 0. It stops before a step whose loss is not finite, or which is not shorter than
 * `longest`. `work` holds the products from the second on, twice, then a gradient and the residuals.
 */
export function descendChain(
  steps: i32, depth: i32, widths: usize, dimension: i32, later: i32, size: i32, a: usize, batch: i32,
  rows: usize, nextRows: usize, labels: usize, nextLabels: usize, rate: f64, longest: f64, x: usize, work: usize,
): i32 {
  const products = work
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
