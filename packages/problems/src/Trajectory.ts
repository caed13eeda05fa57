import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { advance } from "./Advance.ts"
import { Diverged } from "./Diverged.ts"
import type { Method, MethodState } from "./Method.ts"
import type { Objective, Stochastic } from "./Objective.ts"

/** Tests whether an objective draws another batch at every step. */
const isStochastic = (objective: Objective): objective is Stochastic => "advance" in objective

/** State of a method after `step` steps. `state` is not a copy: read it before the next waypoint. */
interface Waypoint<State extends MethodState = MethodState> {
  readonly step: number
  /** Loss before the last step; at the first waypoint the loss at its point, computed when it is read. */
  readonly loss: number
  readonly state: State
}

/**
 * Runs `method` from `start`: a waypoint at step 0, after every `every` steps (default a hundredth of all), and at the end.
 *
 * With `from`, a state of this method on this objective, it continues from there. All waypoints but the first equal those of a
 * run from the start.
 *
 * A stochastic objective advances to its next batch after each step, and keeps its position when it is used again. Throws
 * Diverged, with the step at which a loss or a gradient was not finite. Throws InvalidInput at once on a start of the wrong
 * length and on counts that are not integers.
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
 * losses // => [8, 8, 2]
 * ```
 */
export const trajectory = <State extends MethodState, Problem extends Objective>(
  method: Method<State, Problem>,
  objective: Problem,
  start: Float64Array,
  options: {
    readonly steps: number
    readonly every?: number
    readonly from?: State
    /** Kernels for a twin that takes the steps between two waypoints; by default steps are taken one by one. */
    readonly kernels?: Kernels.Kernels
  },
): Generator<Waypoint<State>, void> => {
  const { from, kernels, steps, every = Math.max(1, Math.ceil(steps / 100)) } = options
  Require.object("trajectory", "method", method, "init", "step")
  Require.object("trajectory", "objective", objective, "dimension", "valueAndGradient")
  Require.count("trajectory", "steps", steps, 0)
  Require.count("trajectory", "every", every)
  Require.array("trajectory", "start", start, objective.dimension)
  const state = from ?? method.init(objective, start)
  const goOn =
    isStochastic(objective) || kernels === undefined
      ? stepByStep(method, objective, state)
      : (count: number) => advance(method, [state], count, { kernels })[0]!
  return waypoints(method, objective, state, { steps, every, goOn })
}

/** Steps one by one, each on the next batch of a stochastic objective; ends early at a step that diverges. */
const stepByStep = <State extends MethodState, Problem extends Objective>(
  method: Method<State, Problem>,
  objective: Problem,
  state: State,
) => {
  const advanceBatch = isStochastic(objective) ? () => objective.advance() : undefined
  return (count: number): number => {
    let loss = Number.NaN
    for (let k = 0; k < count; k++) {
      loss = method.step(state)
      if (state.status === "diverged") break
      advanceBatch?.()
    }
    return loss
  }
}

function* waypoints<State extends MethodState, Problem extends Objective>(
  method: Method<State, Problem>,
  objective: Problem,
  state: State,
  {
    every,
    goOn,
    steps,
  }: {
    readonly steps: number
    readonly every: number
    readonly goOn: (count: number) => number
  },
): Generator<Waypoint<State>, void> {
  let step = state.steps
  yield {
    step,
    // A run whose first loss is not read takes no gradient more than its steps.
    get loss() {
      return objective.valueAndGradient(state.point, new Float64Array(state.point.length))
    },
    state,
  }
  while (step < steps) {
    const goal = Math.min(steps, step - (step % every) + every)
    const before = state.steps
    const loss = goOn(goal - step)
    if (state.status === "diverged") {
      throw new Diverged({ method: method.name, step: step + state.steps - before, loss })
    }
    step = goal
    yield { step, loss, state }
  }
}
