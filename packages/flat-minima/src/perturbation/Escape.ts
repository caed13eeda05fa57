/** A whole run of one algorithm, with the output that the theorems define. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Diverged } from "@nonconvex/problems/Diverged"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import { settle, type Settled } from "../minima/Settle.ts"

export interface Escape {
  /** The iterate chosen uniformly among those after step 1, 2, ... `steps`. */
  readonly chosen: Float64Array
  /** Number of the step that produced it. */
  readonly step: number
  /** Gradient descent from it to the minima. */
  readonly settled: Settled
  /** The last iterate. */
  readonly last: Float64Array
}

/**
 * Runs `steps` steps, picks one iterate uniformly, and takes it to the minima by gradient descent. This is the final part of
 * algorithm 2 (as recalled); it also works after algorithm 1.
 *
 * The pick is made during the run, in memory that does not grow with the steps. Throws Diverged; also NoMinimumNearby and
 * InvalidInput, like `settle`.
 */
export const escape = <State extends MethodState, Problem extends Objective>(
  method: Method<State, Problem>,
  objective: Problem,
  start: Float64Array,
  options: {
    readonly steps: number
    readonly seed: Seed.Seed
    readonly settle: { readonly learningRate: number; readonly tolerance?: number }
    /** Called with every iterate; copy what you keep. */
    readonly onStep?: (point: Float64Array, step: number) => void
  },
): Escape => {
  const { onStep, seed, steps } = options
  Require.count("escape", "steps", steps)
  const stream = RandomStream.make(seed)
  const state = method.init(objective, start)
  const chosen = new Float64Array(start.length)
  let at = 0
  for (let t = 1; t <= steps; t++) {
    const loss = method.step(state)
    if (state.status === "diverged") throw new Diverged({ method: method.name, step: t - 1, loss })
    onStep?.(state.point, t)
    // each of the first t is held with probability 1 / t
    if (stream.integer(t) === 0) {
      chosen.set(state.point)
      at = t
    }
  }
  return {
    chosen,
    step: at,
    settled: settle(objective, chosen, options.settle),
    last: state.point.slice(),
  }
}
