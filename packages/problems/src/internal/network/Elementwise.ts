import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Activation } from "../../network/Activation.ts"
import { gelu } from "./Gelu.ts"
import type { Signal, Space } from "./Signal.ts"
import { nothing, type Stage } from "./Stage.ts"

/** Cuts off below 0 and above 6. */
const cap = (from: Float64Array, out: Float64Array, slope: Float64Array): void => {
  for (let i = 0; i < from.length; i++) {
    const z = from[i]!
    out[i] = Math.min(Math.max(z, 0), 6)
    slope[i] = z > 0 && z < 6 ? 1 : 0
  }
}

/** The stage that applies an activation to every element. */
export const elementwise = (
  kernels: Kernels.Kernels,
  activation: Activation,
  input: Signal,
  output: Signal,
  space: Space,
): Stage => {
  const count = input.value.length
  const isLinear = activation === "relu" || activation === "relu6" || activation === "identity"
  const slope = space(count)
  const bend = space(isLinear ? 0 : count)
  const [activate, bow] = ((): readonly [activate: () => void, bow: () => void] => {
    if (activation === "relu6") return [() => cap(input.value, output.value, slope), nothing]
    if (activation === "gelu" || activation === "gelu-tanh") {
      const rule = gelu(kernels, activation, count)
      return [
        () => rule.activate(input.value, output.value, slope),
        () => rule.bend(input.value, bend),
      ]
    }
    return [
      () => kernels.activate(activation, input.value, output.value, slope),
      () => kernels.bend(activation, input.value, output.value, slope, bend),
    ]
  })()
  /** True if `bend` belongs to the current values: only products need it, and the first of them computes it. */
  let isBent = false
  const backwardTangent = (): void => {
    if (!isBent) bow()
    isBent = true
    // as constants: engines read what a loop reads of an object anew at every turn
    const { adjointTangent: out, tangent } = input
    const { adjoint, adjointTangent } = output
    for (let i = 0; i < count; i++) {
      out[i] = slope[i]! * adjointTangent[i]! + bend[i]! * tangent[i]! * adjoint[i]!
    }
  }
  const timesSlope = (from: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < count; i++) out[i] = slope[i]! * from[i]!
  }
  return {
    forward: () => {
      activate()
      isBent = false
    },
    forwardTangent: () => timesSlope(input.tangent, output.tangent),
    backward: () => timesSlope(output.adjoint, input.adjoint),
    backwardTangent: isLinear
      ? () => timesSlope(output.adjointTangent, input.adjointTangent)
      : backwardTangent,
    accumulate: nothing,
  }
}
