/** Runs of gradient descent on products of matrices in plain loops: the twin of `assembly/layers.ts`, which says where a run stops. */
import type { LayersKernels, LayersRun } from "../LayersKernels.ts"
import * as Chain from "./Chain.ts"
import * as Residual from "./Residual.ts"

const most = 1e300

const squaresOf = (x: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!
  return sum
}

/** A step of one run from its point to `next`; false where it is not ordinary. */
const stepOf = ({ matrices, noise, rate, targets, widths }: LayersRun) => {
  const n = targets.length
  const columns = widths[0]!
  const size = columns * widths[widths.length - 1]!
  let later = 0
  for (let j = 2; j < widths.length; j++) later += widths[j]! * columns
  const products = new Float64Array(later)
  const backs = new Float64Array(later)
  const labels = new Float64Array(n)
  const residual = new Float64Array(n)
  return (
    point: Float64Array,
    epsilon: Float64Array | undefined,
    taken: number,
    next: Float64Array,
  ): boolean => {
    Chain.chain(widths, point, products)
    for (let k = 0; k < n; k++)
      labels[k] = noise > 0 ? targets[k]! + noise * epsilon![taken * n + k]! : targets[k]!
    const [product, end] = [products, backs].map((all) => all.subarray(later - size)) as [
      Float64Array,
      Float64Array,
    ]
    Residual.residualGradient(n, size, matrices, undefined, product, labels, 2 / n, residual, end)
    Chain.chainGradient(widths, point, products, backs, next)
    const isOrdinary = squaresOf(residual) < most && squaresOf(next) < most
    for (let i = 0; i < next.length; i++) next[i] = point[i]! + -rate * next[i]!
    return isOrdinary
  }
}

export const descend: LayersKernels["descendLayers"] = (run, steps, points, epsilon = []) => {
  const step = stepOf(run)
  const next = points.map((point) => new Float64Array(point.length))
  for (let taken = 0; taken < steps; taken++) {
    for (const [r, point] of points.entries())
      if (!step(point, epsilon[r], taken, next[r]!)) return taken
    for (const [r, point] of points.entries()) point.set(next[r]!)
  }
  return steps
}
