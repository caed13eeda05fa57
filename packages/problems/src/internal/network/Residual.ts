import type { Signal } from "./Signal.ts"
import { nothing, type Stage } from "./Stage.ts"

const sum = (a: Float64Array, b: Float64Array, out: Float64Array): void => {
  for (let i = 0; i < out.length; i++) out[i] = a[i]! + b[i]!
}

/** Splits into branch and shortcut: both read the input, and backward their adjoints add up. */
export const fork = (input: Signal, branch: Signal, shortcut: Signal): Stage => ({
  // nothing to do forward: their values and tangents are those of the input
  forward: nothing,
  forwardTangent: nothing,
  backward: () => sum(branch.adjoint, shortcut.adjoint, input.adjoint),
  backwardTangent: () => sum(branch.adjointTangent, shortcut.adjointTangent, input.adjointTangent),
  accumulate: nothing,
})

/** Joins branch and shortcut: the sum of both. */
export const join = (branch: Signal, shortcut: Signal, output: Signal): Stage => ({
  forward: () => sum(branch.value, shortcut.value, output.value),
  forwardTangent: () => sum(branch.tangent, shortcut.tangent, output.tangent),
  backward: () => {
    branch.adjoint.set(output.adjoint)
    shortcut.adjoint.set(output.adjoint)
  },
  backwardTangent: () => {
    branch.adjointTangent.set(output.adjointTangent)
    shortcut.adjointTangent.set(output.adjointTangent)
  },
  accumulate: nothing,
})
