/** The linear system of a step of the interior point: one factorisation, then a solution for every right side. */
import type { InteriorPoint } from "./InteriorPointState.ts"

/**
 * The system of these diagonals, factorised: `Dy + A^T Dx^-1 A`, and the effect of a change of either level. False where rounding has made
 * it indefinite.
 */
export const factorise = (state: InteriorPoint): boolean => {
  const { columns: m, kernels, matrix, max, min, rows: n, scaled, system } = state
  for (let i = 0; i < n; i++) {
    const root = 1 / Math.sqrt(min.diagonal[i]!)
    for (let j = i * m; j < (i + 1) * m; j++) scaled[j] = root * matrix[j]!
  }
  kernels.syrk(true, m, n, 1, scaled, 0, system)
  for (let j = 0; j < m; j++) system[j * m + j]! += max.diagonal[j]!
  if (kernels.cholesky(m, system) >= 0) return false
  const { long, sides, totals } = state.levels
  for (let i = 0; i < n; i++) {
    long[2 * i] = 1 / min.diagonal[i]!
    long[2 * i + 1] = 0
  }
  kernels.gemm(true, false, m, 2, n, 1, matrix, long, 0, sides)
  for (let j = 0; j < m; j++) sides[2 * j + 1] = -1
  kernels.solveTriangular(true, false, m, 2, system, sides)
  kernels.solveTriangular(true, true, m, 2, system, sides)
  kernels.gemm(false, false, n, 2, m, 1, matrix, sides, 0, long)
  totals.fill(0)
  for (let i = 0; i < n; i++) {
    const inverse = 1 / min.diagonal[i]!
    long[2 * i] = inverse - inverse * long[2 * i]!
    long[2 * i + 1] = -inverse * long[2 * i + 1]!
    totals[0]! += long[2 * i]!
    totals[1]! += long[2 * i + 1]!
  }
  for (let j = 0; j < m; j++) {
    totals[2]! += sides[2 * j]!
    totals[3]! += sides[2 * j + 1]!
  }
  return true
}

const sum = (values: Float64Array): number => values.reduce((total, x) => total + x, 0)

/** Solves for the step of points and levels that makes the residuals 0, and restores the sums of the points. */
export const direct = (
  state: InteriorPoint,
  missing: readonly [min: number, max: number] = [
    1 - sum(state.min.point),
    1 - sum(state.max.point),
  ],
): readonly [min: number, max: number] => {
  const { columns: m, kernels, levels, matrix, max, min, product, rows: n, system } = state
  for (let i = 0; i < n; i++) {
    min.pointStep[i] = (min.drive[i]! - min.residual[i]!) / min.diagonal[i]!
  }
  for (let j = 0; j < m; j++) max.pointStep[j] = max.residual[j]! + max.drive[j]!
  kernels.gemv(true, n, m, 1, matrix, min.pointStep, 1, max.pointStep)
  kernels.solveTriangular(true, false, m, 1, system, max.pointStep)
  kernels.solveTriangular(true, true, m, 1, system, max.pointStep)
  // dx = Dx^-1 (right side + du - A dy), and both sums are to change by what is missing
  kernels.gemv(false, n, m, 1, matrix, max.pointStep, 0, product)
  for (let i = 0; i < n; i++) min.pointStep[i]! -= product[i]! / min.diagonal[i]!
  const [p, q] = [missing[0] - sum(min.pointStep), missing[1] - sum(max.pointStep)]
  const [a, b, c, d] = levels.totals as unknown as readonly [number, number, number, number]
  const determinant = a * d - b * c
  const du = (p * d - b * q) / determinant
  const dv = (a * q - p * c) / determinant
  for (const [{ pointStep }, parts] of [
    [min, levels.long],
    [max, levels.sides],
  ] as const) {
    for (let i = 0; i < pointStep.length; i++) {
      pointStep[i]! += du * parts[2 * i]! + dv * parts[2 * i + 1]!
    }
  }
  return [du, dv]
}
