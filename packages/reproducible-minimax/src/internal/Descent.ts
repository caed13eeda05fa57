/** Many steps of gradient descent as one call, on an objective that knows how. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import type { Scheme, SchemeState } from "../methods/Scheme.ts"
import { descents, objectives } from "./Known.ts"

/** Plain steps after a call that took none, before the next one is tried; twice as many after each. */
const firstPause = 64

/** Takes `steps` steps as if by `step`, to the bit; false where nobody knows them as one call, with nothing changed. */
export const descend = <State extends SchemeState>(
  scheme: Scheme<State>,
  state: State,
  steps: number,
): boolean => {
  const { feasible, operator } = state.problem
  // oxlint-disable-next-line typescript/unbound-method -- functions as keys, that are never called
  const [rate, take] = [descents.of(scheme.step), objectives.of(operator)]
  const isFree = feasible.project === FeasibleSet.wholeSpace.project
  if (rate === undefined || take === undefined || !isFree) return false
  let pause = firstPause
  for (let left = steps; left > 0 && state.status === "running";) {
    // the last step is a plain one: it leaves in a state all that a step leaves
    const taken = left > 1 ? take([state.point], rate, left - 1, Kernels.standard()) : 0
    state.steps += taken
    state.evaluations += taken
    left -= taken
    pause = taken === 0 ? 2 * pause : firstPause
    for (let k = Math.min(left, taken === 0 ? pause : 1); k > 0; k--, left--) {
      if (state.status === "running") scheme.step(state)
    }
  }
  return true
}
