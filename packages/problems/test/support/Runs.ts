import type { Method, MethodState, Objective } from "../../src/index.ts"
import { assert } from "vitest"

/** The state of a method after `steps` steps. */
export const run = <State extends MethodState, Problem extends Objective>(
  method: Method<State, Problem>,
  objective: Problem,
  start: ReadonlyArray<number> | Float64Array,
  steps = 1,
): State => {
  const state = method.init(objective, Float64Array.from(start))
  for (let t = 0; t < steps; t++) method.step(state)
  return state
}

/** Asserts that two vectors are the same to `relative` of the larger one. */
export const assertClose = (
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative: number,
): void => {
  const scale = Math.max(1e-300, ...Array.from(expected, Math.abs))
  assert.strictEqual(actual.length, expected.length)
  for (let i = 0; i < expected.length; i++) {
    assert.closeTo(actual[i]!, expected[i]!, relative * scale, `component ${i}`)
  }
}
