/** What a trial does, told while it runs to whoever replays it: its comparisons, and the steps of its methods. Nobody hears a search. */
import type { Compared } from "./Margin.ts"

/** A method was put on a start; `valueAt` is its objective, where it has one. It may draw: ask it after the trial. */
export interface Began {
  readonly _tag: "Began"
  /** The number of the run, from 0. */
  readonly run: number
  readonly method: string
  readonly point: Float64Array
  readonly valueAt?: (point: Float64Array) => number
}

/** A step of a run was taken; `loss` is that before the step, where the method says it. */
export interface Stepped {
  readonly _tag: "Stepped"
  readonly run: number
  /** A copy. */
  readonly point: Float64Array
  readonly loss?: number
}

/** Two numbers were compared, which gave this margin. */
export interface Asked {
  readonly _tag: "Asked"
  readonly compared: Compared
  readonly margin: number
}

export type Told = Began | Stepped | Asked

/** Who hears, and how many runs have begun since. */
const hearer = { hear: undefined as ((told: Told) => void) | undefined, runs: 0 }

/**
 * Whether somebody hears: a search, which nobody does, makes nothing to tell.
 *
 * @internal
 */
export const isHeard = (): boolean => hearer.hear !== undefined

/**
 * Tells whoever hears; nobody hears a search.
 *
 * @internal
 */
export const tell = (told: Told): void => hearer.hear?.(told)

/**
 * Calls `work`, and `hear` with all that is told meanwhile.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Margin } from "@nonconvex/evidence"
 * import { heard, type Told } from "@nonconvex/evidence/Witness"
 *
 * const all: Array<Told> = []
 * heard((told) => all.push(told), () => Margin.atMost(3, 4)) // => 0.25
 * all // => [{ _tag: "Asked", compared: { relation: "at most", actual: 3, bound: 4 }, margin: 0.25 }]
 * ```
 */
export const heard = <A>(hear: (told: Told) => void, work: () => A): A => {
  const before = { ...hearer }
  Object.assign(hearer, { hear, runs: 0 })
  try {
    return work()
  } finally {
    Object.assign(hearer, before)
  }
}

/** What has an objective, as far as it concerns a picture. */
interface Valued {
  readonly valueAndGradient: (point: Float64Array, gradient: Float64Array) => number
}

const valueOf = (problem: unknown): ((point: Float64Array) => number) | undefined => {
  if (typeof problem !== "object" || problem === null || !("valueAndGradient" in problem)) {
    return undefined
  }
  const valued = problem as Valued
  return (point) => valued.valueAndGradient(point, new Float64Array(point.length))
}

/** A method of any kind: it prepares a state with a point at a start, and advances it. */
interface Stepping<State, Problem, Result> {
  readonly name: string
  init(problem: Problem, start: Float64Array): State
  step(state: State): Result
}

/**
 * The method, which tells its steps where somebody hears; else itself.
 *
 * @example
 * ```ts import.meta.vitest
 * import { heard, type Told, told } from "@nonconvex/evidence/Witness"
 *
 * const halving = {
 *   name: "halving",
 *   init: (_: unknown, start: Float64Array) => ({ point: start.slice() }),
 *   step: ({ point }: { readonly point: Float64Array }) => (point[0]! /= 2),
 * }
 * const all: Array<Told["_tag"]> = []
 * heard(({ _tag }) => all.push(_tag), () => {
 *   const method = told(halving)
 *   return method.step(method.init(undefined, Float64Array.of(8)))
 * }) // => 4
 * all // => ["Began", "Stepped"]
 * ```
 */
export const told = <State extends { readonly point: Float64Array }, Problem, Result, More>(
  method: More & Stepping<State, Problem, Result>,
): More & Stepping<State, Problem, Result> => {
  if (!isHeard()) return method
  const runs = new WeakMap<State, number>()
  return {
    ...method,
    init: (problem: Problem, start: Float64Array) => {
      const state = method.init(problem, start)
      const run = hearer.runs++
      runs.set(state, run)
      const valueAt = valueOf(problem)
      tell({
        _tag: "Began",
        run,
        method: method.name,
        point: state.point.slice(),
        ...(valueAt !== undefined && { valueAt }),
      })
      return state
    },
    step: (state: State) => {
      const loss = method.step(state)
      const run = runs.get(state)
      if (run !== undefined) {
        const point = state.point.slice()
        tell({ _tag: "Stepped", run, point, ...(typeof loss === "number" && { loss }) })
      }
      return loss
    },
  }
}
