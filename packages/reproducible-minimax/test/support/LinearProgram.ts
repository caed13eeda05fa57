import type { Effect } from "effect"
import type { basisPursuitSolver } from "@nonconvex/problems/BasisPursuit"

/** The value of a matrix game by a linear program: with payoffs from 1 to 2 the rows' weights w of least sum with `M^T w - s = 1` are their strategy over the value. */
export const linearProgramOf =
  (solve: Effect.Success<typeof basisPursuitSolver>) =>
  (payoffs: Float64Array, columns: number): number => {
    const rows = payoffs.length / columns
    const least = payoffs.reduce((a, b) => Math.min(a, b))
    const range = payoffs.reduce((a, b) => Math.max(a, b)) - least || 1
    const width = rows + columns
    const matrix = new Float64Array(columns * width)
    for (let j = 0; j < columns; j++) {
      for (let i = 0; i < rows; i++) {
        matrix[j * width + i] = (payoffs[i * columns + j]! - least) / range + 1
      }
      matrix[j * width + rows + j] = -1
    }
    const { value } = solve({
      matrix,
      labels: new Float64Array(columns).fill(1),
      costs: new Float64Array(width).fill(1, 0, rows),
      isNonNegative: true,
    })
    return range * (1 / value - 1) + least
  }
