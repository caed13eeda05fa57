/** Many steps of gradient descent, accelerated or not, as one call, on a quadratic that a kernel knows. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import type { Scheme, SchemeState } from "../methods/Scheme.ts"
import { descents, gradients } from "./Known.ts"

/** Plain steps after a call that took none, before the next one is tried; twice as many after each. */
const firstPause = 64

/** Momenta of one call, at most. */
const mostAhead = 2 ** 14

/** What takes up to so many steps of a state; undefined where no kernel knows them. */
const takerOf = <State extends SchemeState>(
  scheme: Scheme<State>,
  state: State,
): ((count: number) => number) | undefined => {
  const { feasible, operator } = state.problem
  // oxlint-disable-next-line typescript/unbound-method -- functions as keys, that are never called
  const [method, gradient] = [descents.of(scheme.step), gradients.of(operator)]
  const isFree = feasible.project === FeasibleSet.wholeSpace.project
  if (method === undefined || gradient === undefined || !isFree) return undefined
  const { form, ...beside } = gradient
  const { hessian, kernels, offset } = form
  const { momentum, step } = method
  const { point } = state
  const take = (count: number, run: Kernels.QuadraticRun): number =>
    kernels.descendQuadratic(point.length, count, step, hessian, offset, point, run)
  if (momentum === undefined || !("ahead" in state)) return (count) => take(count, beside)
  const ahead = state.ahead as Float64Array
  return (count) => {
    const momenta = new Float64Array(Math.min(count, mostAhead))
    for (let t = 0; t < momenta.length; t++) momenta[t] = momentum(state.steps + t)
    const run = { ...beside, acceleration: { ahead, momenta } }
    const begun = [point.slice(), ahead.slice()] as const
    const taken = take(momenta.length, run)
    if (taken === 0 || taken === momenta.length) return taken
    // back by one: a step that ends the run leaves the residual of the one before
    point.set(begun[0])
    ahead.set(begun[1])
    return take(taken - 1, run)
  }
}

/** Takes `steps` steps as if by `step`, to the bit; false where nobody knows them as one call, with nothing changed. */
export const descend = <State extends SchemeState>(
  scheme: Scheme<State>,
  state: State,
  steps: number,
): boolean => {
  const take = takerOf(scheme, state)
  if (take === undefined) return false
  let pause = firstPause
  for (let left = steps; left > 0 && state.status === "running";) {
    // the last step is a plain one: it leaves in a state all that a step leaves
    const taken = left > 1 ? take(left - 1) : 0
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
