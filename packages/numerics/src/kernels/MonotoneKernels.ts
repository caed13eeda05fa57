/** Whole runs of projected descent and of extragradient in bilinear games, of one game or of many. */
import { invalid } from "../InvalidInput.ts"
import * as Require from "../Require.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Monotone from "./reference/Monotone.ts"

/** The set of a player: all points, a ball around the origin of radius `extent`, or points of at least 0 that add up to `extent`. */
export interface MonotoneSet {
  readonly kind: (typeof kinds)[number]
  readonly extent: number
}

const kinds = ["whole", "ball", "simplex"] as const

/** What the runs of a call have in common. */
export interface MonotoneSteps {
  /** Extragradient, or projected descent. */
  readonly isExtra: boolean
  readonly rows: number
  readonly columns: number
  readonly sets: readonly [min: MonotoneSet, max: MonotoneSet]
  readonly step: number
  /** Of the pull towards the centers. */
  readonly strength: number
  /** Extragradient stops before a step after which no run has a larger residual; -1: never. */
  readonly until: number
  /** It stops before a step with `<V(w) - V(z), w - z> < modulus |w - z|^2 - doubt |w - z|`; with a doubt that is no number, never. */
  readonly modulus: number
  readonly doubt: number
  /** Of the candidates of extragradient with a residual of at most this, every run keeps the best; -1: none. */
  readonly goal: number
  /**
   * Extragradient stops before a step after which the residual of the variational inequality at the candidate of some run, `max over z' of V(w)^T (w - z')`, and `slack` are
   * at most `accuracy`; with a negative accuracy, never.
   */
  readonly slack: number
  readonly accuracy: number
}

/** A run on `V(z) = (A (y - y*), -A^T (x - x*)) + e + strength (z - c)`. */
export interface MonotoneRun {
  /** A, row-major. */
  readonly matrix: Float64Array
  /** `(x*, y*)`. */
  readonly saddle: Float64Array
  /** c; without it nothing pulls. */
  readonly center: Float64Array | undefined
  /** e: one for all queries, or one for each, two a step of extragradient. */
  readonly errors: Float64Array
  readonly point: Float64Array
  /** Of the points before each step, or of the half steps of extragradient. */
  readonly mean: { readonly sum: Float64Array; readonly compensation: Float64Array }
  /** The best candidate that is kept so far, where there is a goal. */
  readonly best?: { residual: number; readonly point: Float64Array }
}

export interface MonotoneKernels {
  /**
   * Takes up to `count` steps of every run, in place, and returns how many, and whether the next one settles them, all residuals or one accuracy; it also stops before a step in
   * which the numbers of any run come near to where they end. No multiply-add is fused, whatever the build. Throws InvalidInput on wrong lengths and numbers, and where only some of the runs have a center;
   * ArenaFull where copies do not fit.
   */
  readonly descendMonotone: (
    steps: MonotoneSteps,
    count: number,
    runs: ReadonlyArray<MonotoneRun>,
  ) => { readonly steps: number; readonly isSettled: boolean }
}

export const monotoneKernels = (engine: Engine): MonotoneKernels => ({
  descendMonotone: descendMonotone(engine),
})

const operation = "Kernels.descendMonotone"

const requireSteps = (steps: MonotoneSteps): void => {
  const { accuracy, columns, rows, sets, step, strength } = steps
  Require.count(operation, "rows", rows)
  Require.count(operation, "columns", columns)
  Require.positive(operation, "step", step)
  Require.finite(operation, "strength", strength)
  for (const { extent, kind } of sets)
    if (kind !== "whole") Require.nonNegative(operation, "extent", extent)
    else if (accuracy >= 0)
      invalid(operation, "an accuracy needs sets that are bounded", { accuracy })
}

/** Whether taking off a coordinate of a saddle may change a bit. */
const isOff = (x: number): boolean => !Object.is(x, 0)

/** Whether the coordinates of both players may be projected in the lanes of one vector. */
const isTogether = ({ columns, rows, sets: [min, max] }: MonotoneSteps): boolean =>
  min.kind === max.kind && (min.kind !== "ball" || rows === columns)

/** The next multiple of `unit`. */
const upTo = (count: number, unit: number): number => Math.ceil(count / unit) * unit

/** A run whose vectors hold a coordinate of both players. */
const descendAlone = (
  { exports, heap, staging }: Engine,
  steps: MonotoneSteps,
  count: number,
  run: MonotoneRun,
): ReturnType<MonotoneKernels["descendMonotone"]> => {
  const { columns, isExtra, rows, sets } = steps
  const { best, center, errors, matrix, mean, point, saddle } = run
  const longest = Math.max(rows, columns)
  // numbers of a point, and of a player in a row of either matrix
  const size = 2 * upTo(longest, 2)
  const [rowOfMin, rowOfMax] = [upTo(rows, 4), upTo(columns, 4)]
  const rounds = errors.length / (rows + columns)
  const lay = (array: Float64Array, from: number, to: number): void => {
    for (let i = 0; i < rows; i++) heap[to + 2 * i] = array[from + i]!
    for (let j = 0; j < columns; j++) heap[to + 2 * j + 1] = array[from + rows + j]!
  }
  const bring = (from: number, array: Float64Array): void => {
    for (let i = 0; i < rows; i++) array[i] = heap[from + 2 * i]!
    for (let j = 0; j < columns; j++) array[rows + j] = heap[from + 2 * j + 1]!
  }
  try {
    const ofProblem = rowOfMin * columns + rowOfMax * rows + 2 * size
    const ofRuns = ofProblem + size * (rounds + 3 + 1) + 2
    const all = ofRuns + 8 * size + 4 + 2 * upTo(longest, 4)
    const at = staging.temporary(8 * all)
    const problem = at / 8
    const points = problem + ofProblem
    const kept = points + 3 * size
    const drawn = kept + 2 + size
    heap.fill(0, problem, problem + all)
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const payoff = matrix[i * columns + j]!
        heap[problem + j * rowOfMin + i] = payoff
        heap[problem + columns * rowOfMin + i * rowOfMax + j] = payoff
      }
    }
    lay(saddle, 0, points - 2 * size)
    lay(center ?? saddle, 0, points - size)
    lay(point, 0, points)
    lay(mean.sum, 0, points + size)
    lay(mean.compensation, 0, points + 2 * size)
    heap[kept] = best?.residual ?? 0
    lay(best?.point ?? point, 0, kept + 2)
    for (let q = 0; q < rounds; q++) lay(errors, q * (rows + columns), drawn + q * size)
    const taken = exports!.descendMonotoneAlone(
      isExtra ? 1 : 0,
      count,
      rows,
      columns,
      kinds.indexOf(sets[0].kind),
      sets[0].extent,
      sets[1].extent,
      steps.step,
      saddle.some(isOff) ? 1 : 0,
      steps.strength,
      center === undefined ? 0 : 1,
      steps.until,
      steps.modulus,
      steps.doubt,
      isExtra ? steps.goal : -1,
      steps.slack,
      steps.accuracy,
      at,
      8 * drawn,
      rounds > 1 ? 8 * size : 0,
      8 * points,
      8 * kept,
      8 * (problem + ofRuns),
    )
    bring(points, point)
    bring(points + size, mean.sum)
    bring(points + 2 * size, mean.compensation)
    if (steps.goal >= 0 && best !== undefined) {
      best.residual = heap[kept]!
      bring(kept + 2, best.point)
    }
    return { steps: taken < 0 ? ~taken : taken, isSettled: taken < 0 }
  } finally {
    staging.end()
  }
}

const descendMonotone =
  (engine: Engine): MonotoneKernels["descendMonotone"] =>
  (steps, count, runs) => {
    const { exports: wasm, heap, staging } = engine
    const { columns, isExtra, rows, sets } = steps
    requireSteps(steps)
    Check.dimensions(operation, count)
    const [first] = runs
    if (first === undefined) return { steps: count, isSettled: false }
    const size = rows + columns
    const queries = isExtra ? 2 * count : count
    const isFresh = first.errors.length !== size
    for (const { best, center, errors, matrix, mean, point, saddle } of runs) {
      Check.length(operation, "matrix", matrix, rows * columns)
      Check.length(operation, "errors", errors, isFresh ? queries * size : size)
      Check.length(operation, "point", point, size)
      Check.length(operation, "saddle", saddle, size)
      Check.length(operation, "sum", mean.sum, size)
      Check.length(operation, "compensation", mean.compensation, size)
      if (steps.goal >= 0) Check.length(operation, "best.point", best?.point ?? [], size)
      if (center !== undefined) Check.length(operation, "center", center, size)
      if ((center === undefined) !== (first.center === undefined))
        invalid(operation, "all runs or none must have a center", { runs: runs.length })
    }
    if (wasm === undefined) return Monotone.descend(steps, count, runs)
    if (runs.length === 1 && isTogether(steps)) return descendAlone(engine, steps, count, first)
    const quads = Math.ceil(runs.length / 4)
    const ofProblem = rows * columns + 2 * size
    try {
      const problems = staging.temporary(32 * quads * ofProblem)
      const points = staging.temporary(32 * quads * 3 * size)
      const bests = staging.temporary(32 * quads * (1 + size))
      const rounds = isFresh ? queries : 1
      const errors = staging.temporary(32 * quads * rounds * size)
      const lay = (array: Float64Array, from: number, length: number, to: number): void => {
        for (let i = 0; i < length; i++) heap[to + 4 * i] = array[from + i]!
      }
      // the last run stands in for those that are not there
      for (let r = 0; r < 4 * quads; r++) {
        const run = runs[Math.min(r, runs.length - 1)]!
        const [quad, lane] = [r >> 2, r & 3]
        const problem = problems / 8 + 4 * quad * ofProblem + lane
        lay(run.matrix, 0, rows * columns, problem)
        lay(run.saddle, 0, size, problem + 4 * rows * columns)
        lay(run.center ?? run.saddle, 0, size, problem + 4 * (rows * columns + size))
        const point = points / 8 + 12 * quad * size + lane
        lay(run.point, 0, size, point)
        lay(run.mean.sum, 0, size, point + 4 * size)
        lay(run.mean.compensation, 0, size, point + 8 * size)
        const kept = bests / 8 + 4 * quad * (1 + size) + lane
        heap[kept] = run.best?.residual ?? 0
        lay(run.best?.point ?? run.point, 0, size, kept + 4)
        for (let q = 0; q < rounds; q++)
          lay(run.errors, q * size, size, errors / 8 + 4 * size * (q * quads + quad) + lane)
      }
      const taken = wasm.descendMonotone(
        isExtra ? 1 : 0,
        count,
        quads,
        rows,
        columns,
        kinds.indexOf(sets[0].kind),
        sets[0].extent,
        kinds.indexOf(sets[1].kind),
        sets[1].extent,
        steps.step,
        runs.some(({ saddle }) => saddle.some(isOff)) ? 1 : 0,
        steps.strength,
        first.center === undefined ? 0 : 1,
        steps.until,
        steps.modulus,
        steps.doubt,
        isExtra ? steps.goal : -1,
        steps.slack,
        steps.accuracy,
        problems,
        errors,
        isFresh ? 32 * quads * size : 0,
        points,
        bests,
        staging.temporary(32 * (4 * quads * size + 5 * quads + size)),
      )
      for (const [r, { best, mean, point }] of runs.entries()) {
        const from = points / 8 + 12 * (r >> 2) * size + (r & 3)
        for (let i = 0; i < size; i++) {
          point[i] = heap[from + 4 * i]!
          mean.sum[i] = heap[from + 4 * (size + i)]!
          mean.compensation[i] = heap[from + 4 * (2 * size + i)]!
        }
        if (steps.goal < 0 || best === undefined) continue
        const kept = bests / 8 + 4 * (r >> 2) * (1 + size) + (r & 3)
        best.residual = heap[kept]!
        for (let i = 0; i < size; i++) best.point[i] = heap[kept + 4 + 4 * i]!
      }
      return { steps: taken < 0 ? ~taken : taken, isSettled: taken < 0 }
    } finally {
      staging.end()
    }
  }
