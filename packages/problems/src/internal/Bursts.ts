/**
 * Which steps can be many in one call of a kernel. What is known is known of a function, and not of the object that has it: whoever puts another function in its place
 * gets plain steps.
 */
import type { Kernels, MonotoneSet, Perturbing, SmallObjective } from "@nonconvex/numerics/Kernels"
import type { BilinearForm } from "../BilinearGame.ts"
import type { FeasibleSet } from "../FeasibleSet.ts"
import type { Game } from "../Game.ts"
import type { MethodState } from "../Method.ts"
import type { Objective } from "../Objective.ts"
import type { Perturbation } from "../Perturbation.ts"
import type { QuadraticForm } from "../QuadraticForm.ts"
import type { Schedule } from "../Schedule.ts"
import type { Update } from "../Update.ts"

/** Takes up to `steps` steps of every state, and returns how many; 0 where that is not known, or the next one is for `step`. */
export type Burst<State extends MethodState> = (
  states: ReadonlyArray<State>,
  steps: number,
  kernels: Kernels,
) => number

/** Takes up to `steps` steps `w <- w - rate g` of every point, in place, and returns how many; 0 where that is not known, or the next one is for a plain step. */
export type Descend = (
  points: ReadonlyArray<Float64Array>,
  rate: number,
  steps: number,
  kernels: Kernels,
) => number

/** What is known of functions of one kind. */
const notes = <Key extends object, Known>() => {
  const known = new WeakMap<Key, Known>()
  return {
    of: (key: Key): Known | undefined => known.get(key),
    note: <Noted extends Key>(key: Noted, what: Known): Noted => {
      known.set(key, what)
      return key
    },
  }
}

/** The value of a schedule that is constant. */
export const constants = notes<Schedule, number>()

/** The rate of an update that is plain descent. */
export const descents = notes<Update["apply"], Schedule>()

export const objectives = notes<Objective["valueAndGradient"], SmallObjective>()

/** Runs of plain descent on objectives that others bring. */
export const descentsOf = notes<Objective["valueAndGradient"], Descend>()

/** Quadratics whose gradients are products of a kernel. */
export const quadratics = notes<Objective["valueAndGradient"], QuadraticForm>()

/** Sets that a kernel projects onto. */
export const sets = notes<FeasibleSet["project"], MonotoneSet>()

/** The same sets, by their support functions. */
export const supports = notes<FeasibleSet["support"], MonotoneSet>()

export const games = notes<Game["operator"], BilinearForm>()

export const perturbations = notes<Perturbation["perturb"], Perturbing>()

/** The bursts of a method, by its step; a state of one method is a state of no other. */
export const bursts = notes<object, Burst<never>>()

/** The constant rate of plain descent; undefined of anything else, and of 0, which moves nothing. */
export const rateOf = (apply: Update["apply"]): number | undefined => {
  const schedule = descents.of(apply)
  const rate = schedule === undefined ? undefined : constants.of(schedule)
  return rate === 0 ? undefined : rate
}

/** Room for points as they were before a call of a kernel, which calls nothing back: an array more costs a tenth of a short run. */
const spare = new Float64Array(64)

/** A state whose next step is decided by its point and a constant rate. */
interface Stepping extends MethodState {
  readonly objective: Objective
  readonly update: { step: number }
}

/** The burst of descent along gradients at perturbed points, or at the points themselves where `perturbing` is "none". */
export const descent = <State extends Stepping>(
  apply: Update["apply"],
  perturbing: Perturbing | undefined,
  radius: number | undefined,
): Burst<State> => {
  const rate = rateOf(apply)
  if (rate === undefined || perturbing === undefined || radius === undefined) return () => 0
  const kind = radius > 0 ? perturbing : "none"
  return (states, steps, kernels) => {
    const [first] = states
    if (first === undefined) return 0
    // oxlint-disable-next-line typescript/unbound-method -- a function as a key, that is never called
    const { valueAndGradient } = first.objective
    const small = objectives.of(valueAndGradient)
    const own = small === undefined && kind === "none" ? descentsOf.of(valueAndGradient) : undefined
    if (small === undefined && own === undefined) return 0
    for (const { objective } of states) {
      if (objective.valueAndGradient === valueAndGradient) continue
      // oxlint-disable-next-line typescript/unbound-method -- a function as a key, that is never called
      if (small === undefined || objectives.of(objective.valueAndGradient) !== small) return 0
    }
    const points = states.map(({ point }) => point)
    const descend = (count: number) =>
      small === undefined
        ? own!(points, rate, count, kernels)
        : kernels.descend(small, kind, count, rate, Math.max(0, radius), points)
    const n = first.point.length
    const isSpare = small !== undefined && n * points.length <= spare.length
    const begun = isSpare ? spare : new Float64Array(n * points.length)
    for (let r = 0; r < points.length; r++)
      for (let i = 0; i < n; i++) begun[r * n + i] = points[r]![i]!
    let taken = descend(steps)
    if (taken > 0 && taken < steps) {
      // back by one: what the last ordinary step leaves beside the point, the next one may not overwrite
      for (let r = 0; r < points.length; r++) points[r]!.set(begun.subarray(r * n, (r + 1) * n))
      taken = descend(taken - 1)
    }
    for (const state of states) {
      state.steps += taken
      state.update.step += taken
    }
    return taken
  }
}
