/** A matrix game as the solver sees it, and the way to its equilibria by an interior point. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Workspace } from "@nonconvex/numerics/Workspace"
import { type Only, only, type Played, played } from "./Equilibrium.ts"
import { guidedBasis } from "./GuidedSimplex.ts"
import * as InteriorPoint from "./InteriorPoint.ts"
import type * as State from "./InteriorPointState.ts"
import * as Payoffs from "./Payoffs.ts"

/**
 * Progress of a solve: `gap`, as a share of the largest difference of payoffs up to a factor of 2, falls to `target`, where
 * a proof is tried.
 */
export interface GameProgress {
  readonly steps: number
  readonly gap: number
  readonly target: number
}

export type Report = (progress: GameProgress) => void

/** The player with more pure strategies minimises. */
export interface Oriented {
  readonly matrix: Float64Array
  readonly rows: number
  readonly columns: number
  readonly kernels: Kernels.Kernels
}

/** Below this gap a proof is tried, since the support is usually clear. */
const clear = 1e-8
/** Gap below which rounding stops progress without regularisation. */
export const end = 1e-13
/** Gap above which no variable is near the boundary. */
const early = 1e-5
/** Maximum number of steps, above the largest number ever needed, 26. */
const limit = 100
/** Number of points below the first of these gaps after which exchanges search for the support instead. */
const patience = 2

/** Game of these payoffs in the workspace, and whether its rows minimise instead of its columns. */
export const orient = (
  payoffs: Float64Array,
  columns: number,
  scale: Payoffs.Scale,
  { kernels, workspace }: { readonly kernels: Kernels.Kernels; readonly workspace: Workspace },
): Oriented & { readonly isTurned: boolean } => {
  const rows = payoffs.length / columns
  const matrix = workspace.f64(rows * columns)
  const isTurned = rows > columns
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = Payoffs.entry(payoffs[i * columns + j]!, scale)
      if (isTurned) matrix[i * columns + j] = 3 - value
      else matrix[j * rows + i] = value
    }
  }
  return isTurned
    ? { matrix, rows, columns, kernels, isTurned }
    : { matrix, rows: columns, columns: rows, kernels, isTurned }
}

/** Takes steps until `use` returns a result. */
export const run = <A>(
  game: Oriented & {
    readonly strength: number
    readonly from?: InteriorPoint.Start | undefined
    /** Gap below which no further progress is possible. */
    readonly last: number
  },
  report: (state: State.InteriorPoint) => void,
  use: (state: State.InteriorPoint, isOver: boolean) => A | undefined,
): A =>
  game.kernels.arena.scoped((workspace) => {
    const state = InteriorPoint.begin({ ...game, workspace })
    for (;;) {
      const isOver = state.status === "stalled" || state.gap < game.last || state.steps >= limit
      const found = use(state, isOver)
      if (found !== undefined) return found
      InteriorPoint.step(state)
      if (state.status === "running") report(state)
    }
  })

/** Support at a point: the strategies that are played rather than not. */
export const playedIn = ({ max, min }: State.InteriorPoint): Played => ({
  min: played(min),
  max: played(max),
})

/** Detects whether the support has settled; a proof is not tried while it changes. */
export const settling = (): ((now: Played) => boolean) => {
  let before = ""
  return ({ max, min }) => {
    const now = `${min.length},${max.length}`
    const isSettled = now === before
    before = now
    return isSettled
  }
}

/** End of the path without regularisation. */
export interface PathEnd {
  /** The unique equilibrium, if proved. */
  readonly pair: Only | undefined
  /** Support: the strategies that are played rather than not. */
  readonly played: Played
  /** Point of the path before its end. */
  readonly early: InteriorPoint.Start | undefined
  readonly last: InteriorPoint.Start
  /** True if rounding allows no further progress from the last point. */
  readonly isOver: boolean
  readonly steps: number
}

/**
 * Continues without regularisation, and tries to prove uniqueness near the end: a few times, or until the end if given a starting point.
 */
export const approach = (
  game: Oriented & { readonly from?: InteriorPoint.Start },
  report: Report,
): PathEnd => {
  let first: InteriorPoint.Start | undefined
  const isSettled = settling()
  let left = game.from === undefined ? patience : Number.POSITIVE_INFINITY
  return run(
    { ...game, strength: 0, last: end / 1000 },
    ({ gap, steps }) => report({ steps, gap, target: clear }),
    (state, isOver) => {
      if (first === undefined && state.gap < early) first = InteriorPoint.here(state)
      const now = playedIn(state)
      const isClear = isSettled(now) || isOver
      const isNear = state.gap < clear
      const pair = isNear && isClear ? only(state, now) : undefined
      if (isNear) left--
      if (pair === undefined && !isOver && left > 0) return undefined
      return {
        pair,
        played: now,
        early: first,
        last: InteriorPoint.here(state),
        isOver,
        steps: state.steps,
      }
    },
  )
}

/** Support after exchanges of single strategies, from an initial guess. */
export const exchanged = (
  { columns, kernels, matrix, rows }: Oriented,
  said: Played,
  onExchange: (exchanges: number) => void = () => undefined,
): Played =>
  kernels.arena.scoped((workspace) => {
    // paid to the player of the rows, who minimises
    const found = guidedBasis({
      matrix: matrix.map((x) => 3 - x),
      rows,
      columns,
      guide: { rows: new Set(said.min), columns: new Set(said.max) },
      kernels,
      workspace,
      onExchange,
    })
    return { min: found.rows, max: found.columns }
  })
