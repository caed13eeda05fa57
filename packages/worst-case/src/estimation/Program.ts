/** The semidefinite program of a model. */
import type { Problem } from "../semidefinite/Problem.ts"
import { type Expression, unpair } from "./Expression.ts"
import type { PerformanceEstimation } from "./PerformanceEstimation.ts"

/** Writes an expression without its constant as a row: the matrix of inner products, then the values. */
const write = (expression: Expression<number>, order: number, row: Float64Array): void => {
  for (const [key, value] of expression.products) {
    const [i, j] = unpair(key)
    row[i * order + j] = i === j ? value : value / 2
    row[j * order + i] = row[i * order + j]!
  }
  for (const [i, value] of expression.values) row[order * order + i] = value
}

/** Minimise minus the objective. */
export const program = (model: PerformanceEstimation<number>): Problem => {
  const { conditions, objective, values, vectors } = model
  const order = vectors.length
  const width = order * order + values.length
  const rows = new Float64Array(width * conditions.length)
  conditions.forEach(({ expression }, i) => {
    write(expression, order, rows.subarray(i * width, (i + 1) * width))
  })
  const cost = new Float64Array(width)
  write(objective, order, cost)
  return {
    orders: order === 0 ? [] : [order],
    nonnegative: 0,
    free: values.length,
    rows,
    bounds: Float64Array.from(conditions, ({ expression }) => -expression.constant),
    inequalities: conditions.length,
    cost: cost.map((c) => -c),
  }
}
