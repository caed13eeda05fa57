/** Runs of gradient descent on a product of matrices in plain loops: the twin of `assembly/chainRun.ts`. */
import * as Vector from "../../Vector.ts"
import type { ChainRun } from "../ChainRunKernels.ts"
import * as Chain from "./Chain.ts"
import * as Residual from "./Residual.ts"

export const descend = (
  run: ChainRun,
  later: number,
  steps: number,
  point: Float64Array,
): number => {
  const { batch, labels, longest, matrices, rate, rows, widths } = run
  const size = widths[0]! * widths[widths.length - 1]!
  const products = new Float64Array(later)
  const backs = new Float64Array(later)
  const gradient = new Float64Array(point.length)
  const residual = new Float64Array(batch)
  const isFresh = labels.length > batch
  for (let taken = 0; taken < steps; taken++) {
    const [from, to] = [taken * batch, (taken + 1) * batch]
    const chosen = rows?.subarray(from, to)
    const own = isFresh ? labels.subarray(from, to) : labels
    const product = products.subarray(later - size)
    const end = backs.subarray(later - size)
    const count = matrices.length / size
    Chain.chain(widths, point, products)
    Residual.residualGradient(count, size, matrices, chosen, product, own, 2 / batch, residual, end)
    Chain.chainGradient(widths, point, products, backs, gradient)
    const loss = Vector.dot(residual, residual) / batch
    const length = rate * Math.sqrt(Vector.dot(gradient, gradient))
    if (!(loss - loss === 0 && length < longest)) return taken
    Vector.axpy(-rate, gradient, point)
  }
  return steps
}
