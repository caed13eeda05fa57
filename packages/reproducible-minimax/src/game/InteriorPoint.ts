/**
 * Matrix games by an interior point method, with predictor and corrector steps on both players' conditions together.
 * Mehrotra 1992, with additional correctors by Gondzio 1996; both as recalled.
 *
 * `min over x, max over y of x^T A y + (r / 2) |x - x_0|^2 - (r / 2) |y - y_0|^2` between mixed strategies has the
 * conditions `A y + r (x - x_0) = u + s` and `A^T x - r (y - y_0) = v - t` with s, t at least 0 and `x_i s_i = y_j t_j = 0`.
 * A step solves them with products mu instead of 0. This reduces to one symmetric system in y, with one Cholesky
 * factorisation per step.
 */
import type { Workspace } from "@nonconvex/numerics/Workspace"
import * as Vector from "@nonconvex/numerics/Vector"
import type { InteriorPoint, Side } from "./InteriorPointState.ts"
import { direct, factorise } from "./Newton.ts"

/** Size of the workspace for a game of this shape, in numbers. */
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
    kept: { pointStep: vector(), slackStep: vector() },
  }
}

/** Start: a point of another strength, or of the game with a constant added, moved away from the boundary. */
export type Start = Readonly<Record<"min" | "max", Pick<Side, "point" | "slack" | "level">>>

const copy = ({ level, point, slack }: Side) => ({
  level,
  point: point.slice(),
  slack: slack.slice(),
})

/** Current point of a run, as the start of another. */
export const here = ({ max, min }: InteriorPoint): Start => ({ min: copy(min), max: copy(max) })

/**
 * Starts from uniform strategies, or from a given start. `matrix` is kept by reference, and is best placed in the kernels'
 * memory.
 */
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
    product: workspace.f64(rows),
    levels: {
      sides: workspace.f64(2 * columns),
      long: workspace.f64(2 * rows),
      totals: new Float64Array(4),
    },
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

/** Infinity of none. */
export const smallest = (values: Float64Array): number =>
  values.reduce((a, b) => Math.min(a, b), Infinity)

/** Computes the residuals of the conditions at the current point. */
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

/** Like `direct`, with the step of the slacks. */
const directAll = (state: InteriorPoint): readonly [min: number, max: number] => {
  const levels = direct(state)
  for (const { drive, point, pointStep, slack, slackStep } of [state.min, state.max]) {
    for (let i = 0; i < point.length; i++) {
      slackStep[i] = drive[i]! - (slack[i]! * pointStep[i]!) / point[i]!
    }
  }
  return levels
}

/** Longest share of a step, at most `most`, that keeps all numbers nonnegative. */
const within = (most: number, values: Float64Array, step: Float64Array): number => {
  let length = most
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < -length * step[i]!) length = -values[i]! / step[i]!
  }
  return length
}

/** Step lengths of x and t, and of y and s: one length for all where regularisation ties them together. */
interface Lengths {
  readonly min: number
  readonly max: number
}

const longest = ({ max, min, strength }: InteriorPoint): Lengths => {
  const first = within(within(1, min.point, min.pointStep), max.slack, max.slackStep)
  const second = within(within(1, max.point, max.pointStep), min.slack, min.slackStep)
  if (strength === 0) return { min: first, max: second }
  const both = Math.min(first, second)
  return { min: both, max: both }
}

/** Each side with the lengths of its point and of its slack. */
const sidesOf = ({ max, min }: InteriorPoint, lengths: Lengths) =>
  [
    [min, lengths.min, lengths.max],
    [max, lengths.max, lengths.min],
  ] as const

/** Gondzio's parameters: the intended and the least increase of the step length, and the target range of the products. */
const aspired = 0.3
const gained = 0.03
const nearest = 0.1
const farthest = 10
const correctors = 3

/**
 * Corrects products that a longer step would move far from the central path, as long as steps become longer; returns the
 * levels and lengths.
 */
const centre = (
  state: InteriorPoint,
  middle: number,
  levels: readonly [min: number, max: number],
): readonly [levels: readonly [min: number, max: number], lengths: Lengths] => {
  const lengths = longest(state)
  let best = [levels, lengths] as const
  for (let k = 0; k < correctors; k++) {
    const [, { max, min }] = best
    const target = { min: Math.min(1, min + aspired), max: Math.min(1, max + aspired) }
    for (const [side, a, b] of sidesOf(state, target)) {
      const { drive, kept, point, pointStep, slack, slackStep } = side
      kept.pointStep.set(pointStep)
      kept.slackStep.set(slackStep)
      for (let i = 0; i < point.length; i++) {
        const product = (point[i]! + a * pointStep[i]!) * (slack[i]! + b * slackStep[i]!)
        const least = nearest * middle - product
        const most = farthest * middle - product
        if (least > 0) drive[i]! += least / point[i]!
        else if (most < 0) drive[i]! += Math.max(most, -farthest * middle) / point[i]!
      }
    }
    const found = [directAll(state), longest(state)] as const
    if (found[1].min + found[1].max < min + max + gained) {
      for (const { kept, pointStep, slackStep } of [state.min, state.max]) {
        pointStep.set(kept.pointStep)
        slackStep.set(kept.slackStep)
      }
      break
    }
    best = found
  }
  return best
}

/** Takes a step: a prediction, a corrector towards the central path, and corrections that lengthen it. */
export const step = (state: InteriorPoint): void => {
  const { columns, max, min, rows, strength } = state
  measure(state)
  for (const { diagonal, drive, point, slack } of [min, max]) {
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
  let after = 0
  for (const [{ point, pointStep, slack, slackStep }, a, b] of sidesOf(state, longest(state))) {
    for (let i = 0; i < point.length; i++) {
      after += (point[i]! + a * pointStep[i]!) * (slack[i]! + b * slackStep[i]!)
    }
  }
  const share = after / state.gap
  const middle = (share * share * share * state.gap) / (rows + columns)
  for (const { drive, point, pointStep, slack, slackStep } of [min, max]) {
    for (let i = 0; i < point.length; i++) {
      drive[i] = (middle - pointStep[i]! * slackStep[i]!) / point[i]! - slack[i]!
    }
  }
  const [[du, dv], lengths] = centre(state, middle, directAll(state))
  const taken = { min: Math.min(1, 0.995 * lengths.min), max: Math.min(1, 0.995 * lengths.max) }
  if (!(Math.min(taken.min, taken.max) > 1e-6)) {
    state.status = "stalled"
    return
  }
  // u goes with y and s, v with x and t
  min.level += taken.max * du
  max.level += taken.min * dv
  state.gap = 0
  for (const [{ point, pointStep, slack, slackStep }, a, b] of sidesOf(state, taken)) {
    for (let i = 0; i < point.length; i++) {
      point[i]! += a * pointStep[i]!
      slack[i]! += b * slackStep[i]!
      state.gap += point[i]! * slack[i]!
    }
  }
  state.steps++
}
