import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { type Burst, bursts, type Descend, descentsOf } from "./internal/Bursts.ts"
import type { Method, MethodState } from "./Method.ts"
import type { Objective } from "./Objective.ts"

export type { Burst, Descend } from "./internal/Bursts.ts"

/**
 * Notes of a step that many are one call: for whoever writes a method whose steps a kernel knows. A burst takes up to so many steps of every state and leaves in it what
 * these leave, or if it ends before it has taken all, what the step before that leaves, so that nothing is lost that the next one may not overwrite. The arrays and
 * numbers of a state that every step overwrites it may leave as they are: the last step is always a plain one.
 *
 * @example
 * ```ts import.meta.vitest
 * import { advance, inBursts, type Method, type MethodState, quadratic } from "@nonconvex/problems"
 *
 * const half = (state: MethodState) => {
 *   state.point[0]! /= 2
 *   return state.steps++
 * }
 * const method: Method = {
 *   name: "halving",
 *   init: (_, start) => ({ point: start.slice(), steps: 0, status: "running" }),
 *   step: inBursts(half, (states, steps) => {
 *     for (const state of states) {
 *       state.point[0]! *= 2 ** -steps
 *       state.steps += steps
 *     }
 *     return steps
 *   }),
 * }
 * const state = method.init(quadratic({ spectrum: [1] }), Float64Array.of(1024))
 * advance(method, [state], 10)
 * state // => { point: Float64Array.of(1), steps: 10, status: "running" }
 * ```
 */
export const inBursts = <State extends MethodState, Step extends (state: State) => number>(
  step: Step,
  burst: Burst<State>,
): Step => bursts.note(step, burst)

/**
 * Notes of what evaluates an objective that many steps of plain descent on it are one call: for whoever writes an objective that a kernel knows. The call takes no step in
 * which a loss or a gradient is not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { advance, gradientMethod, inDescents, quadratic, sgd } from "@nonconvex/problems"
 *
 * const bowl = quadratic({ spectrum: [1] })
 * let calls = 0
 * const objective = {
 *   ...bowl,
 *   valueAndGradient: inDescents(
 *     (x: Float64Array, gradient: Float64Array) => bowl.valueAndGradient(x, gradient),
 *     (points, rate, steps) => {
 *       calls++
 *       for (const point of points) point[0]! *= (1 - rate) ** steps
 *       return steps
 *     },
 *   ),
 * }
 * const method = gradientMethod(sgd({ learningRate: 0.5 }))
 * const state = method.init(objective, Float64Array.of(1024))
 * advance(method, [state], 10)
 * calls // => 1
 * state.point // => Float64Array.of(1)
 * ```
 */
export const inDescents = (
  valueAndGradient: Objective["valueAndGradient"],
  descend: Descend,
): Objective["valueAndGradient"] => descentsOf.note(valueAndGradient, descend)

const isRunning = ({ status }: MethodState): boolean => status === "running"

/** Plain steps after a burst that ended early, before the next one is tried; twice as many after each that took none. */
const firstPause = 64

/**
 * Takes `steps` steps of `method` from each of `states`, runs of one method that do not meet, as if by `step`: the same bits (with compiled kernels to rounding), and less
 * time where a kernel knows method and objective. Many runs take less than one after the other: they share the vectors of the processor.
 *
 * Known are `gradientMethod(sgd(...))`, `sam` and `usam` over `sgd` with constant rates and radii on `scalarFactorisation`, on quadratics (of up to 64 dimensions where their axes are not the coordinates), and on `valley`; other packages add
 * their own by `inBursts`, such as `sharpnessAwarePerturbation` of flat-minima on a diagonal network. A run
 * whose status is not "running" stays where it is. Returns the loss before the last step of each, NaN where it took none. Throws InvalidInput where `steps`
 * is no integer of at least 0. A stochastic objective does not advance to its next batch: see `trajectory`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { advance } from "@nonconvex/problems/Advance"
 * import { sam } from "@nonconvex/problems/Sam"
 * import { scalarFactorisation } from "@nonconvex/problems/ScalarFactorisation"
 * import { sgd } from "@nonconvex/problems/Sgd"
 *
 * const method = sam({ radius: 0.25, base: sgd({ learningRate: 0.0625 }) })
 * const objective = scalarFactorisation()
 * const runs = [2, 3, 4].map((x) => method.init(objective, Float64Array.of(x, 3)))
 * advance(method, runs, 1000)
 * runs.map(({ steps }) => steps) // => [1000, 1000, 1000]
 * ```
 */
export const advance = <State extends MethodState, Problem extends Objective>(
  method: Method<State, Problem>,
  states: ReadonlyArray<State>,
  steps: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): Float64Array => {
  Require.count("advance", "steps", steps, 0)
  const losses = new Float64Array(states.length).fill(Number.NaN)
  // the last step is a plain one: it leaves in a state all that a step leaves
  // oxlint-disable-next-line typescript/unbound-method -- a function as a key, that is never called
  const burst = bursts.of(method.step) as Burst<State> | undefined
  let left = steps
  let pause = firstPause
  while (left > 0) {
    const running = states.every(isRunning) ? states : states.filter(isRunning)
    if (running.length === 0) break
    const taken = left > 1 ? (burst?.(running, left - 1, kernels) ?? 0) : 0
    left -= taken
    pause = taken === 0 ? 2 * pause : firstPause
    if (taken === 0 && burst !== undefined && left > 1 && states.length > 1) {
      // not all together, but perhaps each alone
      for (const [place, state] of states.entries()) {
        const [loss] = advance(method, [state], left, kernels)
        if (!Number.isNaN(loss!)) losses[place] = loss!
      }
      break
    }
    const next = burst === undefined ? left : Math.min(left, pause)
    for (let r = 0; r < states.length; r++) {
      const state = states[r]!
      for (let k = 0; k < next && state.status === "running"; k++) losses[r] = method.step(state)
    }
    left -= next
  }
  return losses
}
