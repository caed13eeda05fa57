import type * as Kernels from "@nonconvex/numerics/Kernels"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import type { Method, MethodState } from "./Method.ts"

/** Plain steps after a twin that took none; doubled each time until it takes some. */
const firstPause = 64

const isRunning = ({ status }: MethodState): boolean => status === "running"

/**
 * Takes `steps` steps of `method` from each of `states`, independent runs. They equal those of `step` bit for bit, and are
 * faster if the method has a twin for the problem. Many runs together take less time than one after another, because they
 * share vector instructions.
 *
 * With `until`, all end after the first step at which no residual is above it. A run whose status is not "running" is left
 * unchanged. Returns the loss before the last step of each; NaN if none was taken. Throws InvalidInput unless `steps` is a
 * nonnegative integer, and on `until` for a method without a residual. A stochastic objective does not advance to its next
 * batch: see `trajectory`.
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
export const advance = <State extends MethodState, Problem>(
  method: Method<State, Problem>,
  states: ReadonlyArray<State>,
  steps: number,
  options: {
    readonly until?: number | undefined
    /** Kernels of a twin; default its own choice. */
    readonly kernels?: Kernels.Kernels | undefined
  } = {},
): Float64Array => {
  const { kernels, until } = options
  Require.count("advance", "steps", steps, 0)
  if (until !== undefined && method.residual === undefined)
    invalid("advance", "until requires a method with a residual", { until })
  const losses = new Float64Array(states.length).fill(Number.NaN)
  const goesOn = (): boolean =>
    until === undefined
      ? states.some(isRunning)
      : states.some((state) => isRunning(state) && !(method.residual!(state) <= until))
  let left = steps
  let pause = firstPause
  while (left > 0 && goesOn()) {
    const running = states.every(isRunning) ? states : states.filter(isRunning)
    // the last step is a plain one: it leaves in a state all that a step leaves
    const isAsked = method.twin !== undefined && left > 1
    const taken = isAsked ? method.twin(running, left - 1, kernels, until) : 0
    left -= taken
    pause = taken === 0 ? 2 * pause : firstPause
    if (isAsked && taken === 0 && states.length > 1 && until === undefined) {
      // not all together, but perhaps each alone
      for (const [place, state] of states.entries()) {
        const [loss] = advance(method, [state], left, { kernels })
        if (!Number.isNaN(loss!)) losses[place] = loss!
      }
      break
    }
    const next = isAsked ? Math.min(left, pause) : left
    if (until === undefined)
      for (let r = 0; r < states.length; r++) {
        const state = states[r]!
        for (let k = 0; k < next && state.status === "running"; k++) losses[r] = method.step(state)
      }
    else
      for (let k = 0; k < next && (k === 0 || goesOn()); k++)
        for (let r = 0; r < states.length; r++)
          if (isRunning(states[r]!)) losses[r] = method.step(states[r]!)
    left -= next
  }
  return losses
}
