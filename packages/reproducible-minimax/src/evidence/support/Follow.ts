/** Runs of a method, and the distance of two of them. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Problem } from "../../problem/Problem.ts"
import { advance } from "@nonconvex/problems/Advance"
import type { Scheme, SchemeState } from "../../methods/Scheme.ts"

/** The state after `steps` steps. */
export const follow = <State extends SchemeState>(
  scheme: Scheme<State>,
  problem: Problem,
  start: Float64Array,
  steps: number,
): State => {
  const state = scheme.init(problem, start)
  advance(scheme, [state], steps)
  return state
}

/** Squared deviation, the paper's measure. */
export const deviation = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Elementary.square(a[i]! - b[i]!)
  return sum
}
