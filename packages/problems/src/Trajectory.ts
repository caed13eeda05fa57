import * as Require from "@nonconvex/numerics/Require"
import { Diverged } from "./Diverged.ts"
import type { Method, MethodState } from "./Method.ts"
import { isStochastic, type Objective } from "./Objective.ts"

/** The state of a method after `step` steps. `state` is live: read it before the next waypoint, or copy what you keep. */
export interface Waypoint<State extends MethodState = MethodState> {
  readonly step: number
  /** Loss before the last step taken; at step 0, NaN. */
  readonly loss: number
  readonly state: State
}

/**
 * Runs `method` from `start`: a waypoint at step 0, after every `every` steps (default a hundredth of all), and at the end.
 *
 * With `from`, a state of this method on this objective, it goes on from there, and that is the first waypoint; the loss there is not
 * known (NaN). The other waypoints are those of a run from the start.
 *
 * A stochastic objective advances to its next batch after each step, and goes on from there when it is used again. Throws Diverged
 * from the step at which a loss or a gradient was not finite; InvalidInput at once on a start of the wrong length and on counts that
 * are not integers.
 *
 * @example
 * ```ts import.meta.vitest
 * import { quadratic } from "@nonconvex/problems/Quadratic"
 * import { gradientMethod } from "@nonconvex/problems/GradientMethod"
 * import { sgd } from "@nonconvex/problems/Sgd"
 * import { trajectory } from "@nonconvex/problems/Trajectory"
 *
 * const method = gradientMethod(sgd({ learningRate: 0.5 }))
 * const losses: Array<number> = []
 * for (const { loss } of trajectory(method, quadratic({ spectrum: [1] }), Float64Array.of(4), { steps: 2, every: 1 })) {
 *   losses.push(loss)
 * }
 * losses // => [NaN, 8, 2]
 * ```
 */
export const trajectory = <State extends MethodState, Problem extends Objective>(
  method: Method<State, Problem>,
  objective: Problem,
  start: Float64Array,
  options: { readonly steps: number; readonly every?: number; readonly from?: State },
): Generator<Waypoint<State>, void> => {
  const { from, steps, every = Math.max(1, Math.ceil(steps / 100)) } = options
  Require.count("trajectory", "steps", steps, 0)
  Require.count("trajectory", "every", every)
  Require.length("trajectory", "start", start.length, objective.dimension)
  return waypoints(method, objective, from ?? method.init(objective, start), steps, every)
}

function* waypoints<State extends MethodState, Problem extends Objective>(
  method: Method<State, Problem>,
  objective: Problem,
  state: State,
  steps: number,
  every: number,
): Generator<Waypoint<State>, void> {
  const advance = isStochastic(objective) ? () => objective.advance() : undefined
  let loss = Number.NaN
  let step = state.steps
  for (;;) {
    yield { step, loss, state }
    if (step >= steps) return
    const goal = Math.min(steps, step - (step % every) + every)
    for (; step < goal; step++) {
      loss = method.step(state)
      if (state.status === "diverged") throw new Diverged({ method: method.name, step, loss })
      advance?.()
    }
  }
}
