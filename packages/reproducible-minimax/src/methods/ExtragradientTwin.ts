/** Extragradient and descent-ascent in small bilinear games as compiled loops: the side of the host. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { OracleForm, Problem } from "../problem/Problem.ts"
import type { Limits, SchemeState } from "./Scheme.ts"
import { loop } from "./Extragradient.kernel.generated.ts"

/**
 * Largest number of payoffs at which the loop was measured to be faster than products, even with a matrix in the kernels'
 * memory.
 */
const most = 64 * 64

/** Numbers of errors that are drawn for one call, at most. */
const mostDrawn = 2 ** 16

const kinds = ["whole", "ball", "simplex"] as const

/** The numbers that runs have in common, in memory. */
const head = 16

/** The next multiple of `unit`. */
const upTo = (count: number, unit: number): number => Math.ceil(count / unit) * unit

/** Offsets of the parts of a run, in numbers, as the loop has them; `rounds` are errors. */
const layoutOf = (rows: number, columns: number, rounds: number) => {
  const longest = Math.max(rows, columns)
  const size = 2 * upTo(longest, 2)
  const [rowOfMin, rowOfMax] = [upTo(rows, 4), upTo(columns, 4)]
  const best = 3 * size
  const work = best + 2 + size
  const problem = work + 8 * size + 4 + 2 * upTo(longest, 4)
  const saddle = problem + columns * rowOfMin + rows * rowOfMax
  const errors = saddle + 2 * size
  return { size, rowOfMin, rowOfMax, best, problem, saddle, errors, pitch: errors + rounds * size }
}

/** Maximum size of one run in a game, in numbers of kernel memory, if a loop takes its steps. */
export const room = (rows: number, columns: number): number =>
  rows * columns > most ? 0 : layoutOf(rows, columns, 1).pitch + head

/** Kind of the sets of both players, and their extents; undefined if the loop does not support them. */
const setsOf = ({ dimensions: [rows, columns], feasible: { form } }: Problem) => {
  if (form?.kind === "whole") return { kind: "whole" as const, extents: [0, 0] as const }
  if (form?.kind !== "product" || form.blocks.length !== 2) return undefined
  const [min, max] = form.blocks as readonly [(typeof form.blocks)[0], (typeof form.blocks)[0]]
  if (min.length !== rows || max.length !== columns) return undefined
  const [one, other] = [min.form, max.form]
  if (one.kind === "product" || one.kind !== other.kind) return undefined
  // squares of coordinates are added in the lanes of one vector
  if (one.kind === "ball" && rows !== columns) return undefined
  return { kind: one.kind, extents: [one.extent, other.extent] as const }
}

/** Common data of runs for the loop; undefined if it does not support them, or if they differ. */
const gamesOf = (states: ReadonlyArray<SchemeState>) => {
  const [first] = states
  const form = first?.problem.form
  const sets = first === undefined ? undefined : setsOf(first.problem)
  if (form === undefined || sets === undefined || form.game.matrix.length > most) return undefined
  const isAlike = ({ problem }: SchemeState): boolean => {
    const other = setsOf(problem)
    return (
      problem.form !== undefined &&
      problem.form.game.columns === form.game.columns &&
      problem.form.game.matrix.length === form.game.matrix.length &&
      other?.kind === sets.kind &&
      other.extents.every((extent, k) => extent === sets.extents[k]) &&
      problem.form.pull?.strength === form.pull?.strength &&
      problem.form.errors?.kind !== "normal"
    )
  }
  if (states.length > 1 && !states.every(isAlike)) return undefined
  return { ...sets, form, forms: states.map(({ problem }) => problem.form!) }
}

/** Tests whether subtracting a coordinate of a saddle may change a bit. */
const isOff = (x: number): boolean => !Object.is(x, 0)

/** Positions of the streams of a run, and a function that restores them. */
const drawn = (
  { errors, game: { kernels } }: OracleForm,
  size: number,
  queries: number,
): { readonly numbers: Float64Array; readonly redraw: (queries: number) => void } | undefined => {
  if (errors?.kind !== "normal") return undefined
  const { deviation, stream } = errors
  const before = stream.state.slice()
  const numbers = new Float64Array(size * queries)
  kernels.fillNormal(stream, numbers)
  for (let i = 0; i < numbers.length; i++) numbers[i]! *= deviation
  return {
    numbers,
    redraw: (asked) => {
      stream.state.set(before)
      kernels.fillNormal(stream, new Float64Array(size * asked))
    },
  }
}

/** The twin of extragradient, or of descent-ascent, with steps of a length. */
export const twinOf =
  (isExtra: boolean, step: number) =>
  (
    states: ReadonlyArray<SchemeState>,
    count: number,
    given?: Kernels.Kernels,
    ends: number | Limits = {},
  ): number => {
    const games = gamesOf(states)
    if (games === undefined || count < 1) return 0
    const { extents, form, forms, kind } = games
    const { arena, load } = given ?? form.game.kernels
    const run = load?.(loop).descend
    const limits: Limits = typeof ends === "number" ? { until: ends } : ends
    const { best, certified, monotone, until = -1 } = limits
    // the loop of descent-ascent measures nothing
    if (run === undefined || (!isExtra && until >= 0)) return 0
    if (certified !== undefined && kind === "whole") return 0
    const { columns, matrix } = form.game
    const rows = matrix.length / columns
    const each = rows + columns
    const ofStep = isExtra ? 2 : 1
    const isDrawn = form.errors?.kind === "normal"
    const steps = isDrawn
      ? Math.min(count, Math.max(1, Math.floor(mostDrawn / (ofStep * each))))
      : count
    const at = layoutOf(rows, columns, isDrawn ? ofStep * steps : 1)
    const { pitch, rowOfMin, rowOfMax, size } = at
    if (8 * (head + pitch * states.length) + 64 > arena.largestFree) return 0
    const fresh = drawn(form, each, ofStep * steps)
    // a zero that keeps the sign of one
    const nothing = new Float64Array(each).fill(-0)
    const memory = arena.f64(head + pitch * states.length)
    const lay = (array: Float64Array, from: number, to: number): void => {
      for (let i = 0; i < rows; i++) memory[to + 2 * i] = array[from + i]!
      for (let j = 0; j < columns; j++) memory[to + 2 * j + 1] = array[from + rows + j]!
    }
    const bring = (from: number, array: Float64Array): void => {
      for (let i = 0; i < rows; i++) array[i] = memory[from + 2 * i]!
      for (let j = 0; j < columns; j++) array[rows + j] = memory[from + 2 * j + 1]!
    }
    const layRun = ({ average, point }: SchemeState, r: number): void => {
      const first = head + r * pitch
      lay(point, 0, first)
      lay(average.sum, 0, first + size)
      lay(average.compensation, 0, first + 2 * size)
      memory[first + at.best] = best?.residual ?? 0
      if (best !== undefined) lay(best.point, 0, first + at.best + 2)
    }
    const take = (asked: number): number =>
      run(
        isExtra ? 1 : 0,
        asked,
        states.length,
        rows,
        columns,
        memory.byteOffset,
        memory.byteOffset + 8 * head,
        8 * pitch,
      )
    try {
      memory.set([step, form.pull?.strength ?? 0, kinds.indexOf(kind), ...extents])
      memory[5] = forms.some(({ game }) => game.saddle.some(isOff)) ? 1 : 0
      memory[6] = form.pull === undefined ? 0 : 1
      memory[7] = isDrawn ? 8 * size : 0
      memory[8] = until
      memory[9] = monotone?.modulus ?? 0
      memory[10] = monotone?.doubt ?? Number.NaN
      memory[11] = best?.goal ?? -1
      memory[12] = certified?.slack ?? 0
      memory[13] = certified?.accuracy ?? -1
      for (const [r, { errors, game, pull }] of forms.entries()) {
        const first = head + r * pitch
        for (let i = 0; i < rows; i++)
          for (let j = 0; j < columns; j++) {
            const payoff = game.matrix[i * columns + j]!
            memory[first + at.problem + j * rowOfMin + i] = payoff
            memory[first + at.problem + columns * rowOfMin + i * rowOfMax + j] = payoff
          }
        lay(game.saddle, 0, first + at.saddle)
        if (pull !== undefined) lay(pull.center, 0, first + at.saddle + size)
        if (errors?.kind === "constant") lay(errors.error, 0, first + at.errors)
        else if (fresh === undefined) lay(nothing, 0, first + at.errors)
        else
          for (let q = 0; q < ofStep * steps; q++)
            lay(fresh.numbers, q * each, first + at.errors + q * size)
        layRun(states[r]!, r)
      }
      const found = take(steps)
      let taken = found < 0 ? ~found : found
      if (found >= 0 && taken < steps && taken > 0) {
        // back by one: what the last ordinary step leaves beside the point, the next one may not overwrite
        for (const [r, state] of states.entries()) layRun(state, r)
        taken = take(taken - 1)
      }
      if (fresh !== undefined && taken < steps) fresh.redraw(ofStep * taken)
      if (taken === 0) return 0
      for (const [r, state] of states.entries()) {
        const first = head + r * pitch
        bring(first, state.point)
        bring(first + size, state.average.sum)
        bring(first + 2 * size, state.average.compensation)
        state.steps += taken
        state.evaluations += ofStep * taken
        state.average.count += taken
        if (best === undefined) continue
        best.residual = memory[first + at.best]!
        bring(first + at.best + 2, best.point)
      }
      return taken
    } finally {
      arena.release(memory)
    }
  }
