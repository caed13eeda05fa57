/**
 * Matrix games by an interior point: predictor and corrector steps (Mehrotra 1992, as recalled) on both players' conditions at once.
 *
 * `min over x, max over y of x^T A y + (r / 2) |x - x_0|^2 - (r / 2) |y - y_0|^2` between mixed strategies has the conditions
 * `A y + r (x - x_0) = u + s` and `A^T x - r (y - y_0) = v - t` with s, t at least 0 and `x_i s_i = y_j t_j = 0`. A step solves for
 * them with products mu in place of 0; what is left is one symmetric system in y, a Cholesky factorisation a step.
 */
import type { Workspace } from "@nonconvex/numerics/Arena"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"

/** A player's side: the strategy, and what each pure strategy falls short of the best. */
interface Side {
  readonly point: Float64Array
  readonly slack: Float64Array
  readonly center: Float64Array
  /** Of the value as this player sees it: u or v. */
  level: number
  readonly pointStep: Float64Array
  readonly slackStep: Float64Array
  /** What the conditions are off, what a step should add to the products over the points, and `r + slack / point`. */
  readonly residual: Float64Array
  readonly drive: Float64Array
  readonly diagonal: Float64Array
}

export interface InteriorPoint {
  /** A, row-major, `rows` (of x) at least as many as `columns` (of y), entries from 1 to 2. */
  readonly matrix: Float64Array
  readonly rows: number
  readonly columns: number
  readonly strength: number
  readonly min: Side
  readonly max: Side
  /** `sum x_i s_i + sum y_j t_j`: without regularisation the duality gap. */
  gap: number
  steps: number
  /** `stalled` once rounding leaves no way to go. */
  status: "running" | "stalled"
  readonly kernels: Kernels.Kernels
  /** Rows of A scaled; the system, and three right sides of either player. */
  readonly scaled: Float64Array
  readonly system: Float64Array
  readonly sides: Float64Array
  readonly long: Float64Array
}

/** Numbers that the workspace of a game of this shape takes. */
export const room = (rows: number, columns: number): number =>
  2 * rows * columns + columns * columns + 20 * (rows + columns)

const sideOf = (workspace: Workspace, size: number): Side => {
  const vector = () => new Float64Array(size)
  const point = workspace.f64(size)
  point.fill(1 / size)
  return {
    point,
    slack: vector(),
    center: point.slice(),
    level: 0,
    pointStep: workspace.f64(size),
    slackStep: vector(),
    residual: vector(),
    drive: vector(),
    diagonal: vector(),
  }
}

/** Where to begin: a point of another strength, or of the game with a constant added, away from the boundary. */
export type Start = Readonly<Record<"min" | "max", Pick<Side, "point" | "slack" | "level">>>

const copy = ({ level, point, slack }: Side) => ({
  level,
  point: point.slice(),
  slack: slack.slice(),
})

/** The point where a run is, as a start of another. */
export const here = ({ max, min }: InteriorPoint): Start => ({ min: copy(min), max: copy(max) })

/** Begins with every strategy played alike, or from a start. `matrix` is kept, and lies best in the memory of the kernels. */
export const begin = (
  options: Pick<InteriorPoint, "matrix" | "rows" | "columns" | "strength" | "kernels"> & {
    readonly workspace: Workspace
    readonly from?: Start | undefined
  },
): InteriorPoint => {
  const { columns, kernels, matrix, rows, strength, workspace } = options
  const [min, max] = [sideOf(workspace, rows), sideOf(workspace, columns)]
  const state: InteriorPoint = {
    matrix,
    rows,
    columns,
    strength,
    min,
    max,
    gap: 0,
    steps: 0,
    status: "running",
    kernels,
    scaled: workspace.f64(rows * columns),
    system: workspace.f64(columns * columns),
    sides: workspace.f64(3 * columns),
    long: workspace.f64(3 * rows),
  }
  const { from } = options
  if (from !== undefined) {
    for (const player of ["min", "max"] as const) {
      state[player].level = from[player].level
      state[player].point.set(from[player].point)
      state[player].slack.set(from[player].slack)
    }
  } else {
    kernels.gemv(false, rows, columns, 1, matrix, max.point, 0, min.slack)
    kernels.gemv(true, rows, columns, 1, matrix, min.point, 0, max.slack)
    // far enough from the boundary that products are alike
    const [least, most] = [smallest(min.slack), -smallest(max.slack.map((x) => -x))]
    const margin = 0.05 + 0.5 * Math.abs(most - least)
    min.level = least - margin
    max.level = most + margin
    for (let i = 0; i < rows; i++) min.slack[i]! -= min.level
    for (let j = 0; j < columns; j++) max.slack[j] = max.level - max.slack[j]!
  }
  state.gap = Vector.dot(min.point, min.slack) + Vector.dot(max.point, max.slack)
  return state
}

const sum = (values: Float64Array): number => values.reduce((total, x) => total + x, 0)

/** Infinity of none. */
export const smallest = (values: Float64Array): number =>
  values.reduce((a, b) => Math.min(a, b), Infinity)

/** What the conditions are off at the current point. */
const measure = (state: InteriorPoint): void => {
  const { columns, kernels, matrix, max, min, rows, strength } = state
  kernels.gemv(false, rows, columns, 1, matrix, max.point, 0, min.residual)
  kernels.gemv(true, rows, columns, 1, matrix, min.point, 0, max.residual)
  for (const side of [min, max]) {
    const { center, level, point, residual, slack } = side
    const sign = side === min ? 1 : -1
    for (let i = 0; i < point.length; i++) {
      residual[i]! += sign * (strength * (point[i]! - center[i]!) - slack[i]!) - level
    }
  }
}

/** The system of these diagonals, factorised: `Dy + A^T Dx^-1 A`. False where rounding has made it indefinite. */
export const factorise = (state: InteriorPoint): boolean => {
  const { columns, kernels, matrix, max, min, rows, scaled, system } = state
  for (let i = 0; i < rows; i++) {
    const root = 1 / Math.sqrt(min.diagonal[i]!)
    for (let j = i * columns; j < (i + 1) * columns; j++) scaled[j] = root * matrix[j]!
  }
  kernels.syrk(true, columns, rows, 1, scaled, 0, system)
  for (let j = 0; j < columns; j++) system[j * columns + j]! += max.diagonal[j]!
  return kernels.cholesky(columns, system) < 0
}

/** Solves for the step of points and levels that brings residuals to 0, as the drives say, and adds what is missing to the points' sums. */
export const direct = (
  state: InteriorPoint,
  missing: readonly [min: number, max: number] = [
    1 - sum(state.min.point),
    1 - sum(state.max.point),
  ],
): readonly [min: number, max: number] => {
  const { columns: m, kernels, long, matrix, max, min, rows: n, sides, system } = state
  // three right sides: without a change of levels, by u and by v; first Dx^-1 of them for x
  for (let i = 0; i < n; i++) {
    const inverse = 1 / min.diagonal[i]!
    min.pointStep[i] = inverse * (min.drive[i]! - min.residual[i]!)
    long[3 * i] = min.pointStep[i]!
    long[3 * i + 1] = inverse
    long[3 * i + 2] = 0
  }
  kernels.gemm(true, false, m, 3, n, 1, matrix, long, 0, sides)
  for (let j = 0; j < m; j++) {
    sides[3 * j]! += max.residual[j]! + max.drive[j]!
    sides[3 * j + 2] = -1
  }
  kernels.solveTriangular(true, false, m, 3, system, sides)
  kernels.solveTriangular(true, true, m, 3, system, sides)
  kernels.gemm(false, false, n, 3, m, 1, matrix, sides, 0, long)
  // dx = Dx^-1 (right side + du - A dy), and what the three add to both sums
  const [ofMin, ofMax] = [new Float64Array(3), new Float64Array(3)]
  for (let i = 0; i < n; i++) {
    const inverse = 1 / min.diagonal[i]!
    long[3 * i] = min.pointStep[i]! - inverse * long[3 * i]!
    long[3 * i + 1] = inverse - inverse * long[3 * i + 1]!
    long[3 * i + 2] = -inverse * long[3 * i + 2]!
    for (let k = 0; k < 3; k++) ofMin[k]! += long[3 * i + k]!
  }
  for (let j = 0; j < 3 * m; j++) ofMax[j % 3]! += sides[j]!
  const [p, q] = [missing[0] - ofMin[0]!, missing[1] - ofMax[0]!]
  const [a, b, c, d] = [ofMin[1]!, ofMin[2]!, ofMax[1]!, ofMax[2]!]
  const determinant = a * d - b * c
  const du = (p * d - b * q) / determinant
  const dv = (a * q - p * c) / determinant
  for (const [{ pointStep }, parts] of [
    [min, long],
    [max, sides],
  ] as const) {
    for (let i = 0; i < pointStep.length; i++) {
      pointStep[i] = parts[3 * i]! + du * parts[3 * i + 1]! + dv * parts[3 * i + 2]!
    }
  }
  return [du, dv]
}

/** As `direct`, with the step of the slacks. */
const directAll = (state: InteriorPoint): readonly [min: number, max: number] => {
  const levels = direct(state)
  for (const { drive, point, pointStep, slack, slackStep } of [state.min, state.max]) {
    for (let i = 0; i < point.length; i++) {
      slackStep[i] = drive[i]! - (slack[i]! * pointStep[i]!) / point[i]!
    }
  }
  return levels
}

/** The longest step, at most 1, that keeps everything at least 0. */
const longest = ({ max, min }: InteriorPoint): number => {
  let step = 1
  for (const { point, pointStep, slack, slackStep } of [min, max]) {
    for (let i = 0; i < point.length; i++) {
      if (pointStep[i]! < 0) step = Math.min(step, -point[i]! / pointStep[i]!)
      if (slackStep[i]! < 0) step = Math.min(step, -slack[i]! / slackStep[i]!)
    }
  }
  return step
}

/** Takes a step: a prediction, then the step that corrects it towards the middle. */
export const step = (state: InteriorPoint): void => {
  const { columns, max, min, rows, strength } = state
  measure(state)
  const sides = [min, max]
  for (const { diagonal, drive, point, slack } of sides) {
    for (let i = 0; i < point.length; i++) {
      diagonal[i] = strength + slack[i]! / point[i]!
      drive[i] = -slack[i]!
    }
  }
  if (!factorise(state)) {
    state.status = "stalled"
    return
  }
  directAll(state)
  const predicted = longest(state)
  let after = 0
  for (const { point, pointStep, slack, slackStep } of sides) {
    for (let i = 0; i < point.length; i++) {
      after += (point[i]! + predicted * pointStep[i]!) * (slack[i]! + predicted * slackStep[i]!)
    }
  }
  const share = after / state.gap
  const middle = (share * share * share * state.gap) / (rows + columns)
  for (const { drive, point, pointStep, slack, slackStep } of sides) {
    for (let i = 0; i < point.length; i++) {
      drive[i] = (middle - pointStep[i]! * slackStep[i]!) / point[i]! - slack[i]!
    }
  }
  const [du, dv] = directAll(state)
  const taken = Math.min(1, 0.995 * longest(state))
  if (!(taken > 1e-6)) {
    state.status = "stalled"
    return
  }
  min.level += taken * du
  max.level += taken * dv
  state.gap = 0
  for (const { point, pointStep, slack, slackStep } of sides) {
    for (let i = 0; i < point.length; i++) {
      point[i]! += taken * pointStep[i]!
      slack[i]! += taken * slackStep[i]!
      state.gap += point[i]! * slack[i]!
    }
  }
  state.steps++
}
