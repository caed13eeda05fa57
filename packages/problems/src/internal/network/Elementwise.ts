import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Activation } from "../../network/Activation.ts"
import { gelu } from "./Gelu.ts"
import type { Signal } from "./Signal.ts"
import { nothing, type Stage } from "./Stage.ts"

/** The stage that applies an activation to every element. */
export const elementwise = (
  kernels: Kernels.Kernels,
  activation: Activation,
  input: Signal,
  output: Signal,
): Stage => {
  const count = input.value.length
  const slope = new Float64Array(count)
  const bend = new Float64Array(count)
  const [activate, bow] = ((): readonly [activate: () => void, bow: () => void] => {
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
  return {
    forward: activate,
    forwardTangent: () => {
      for (let i = 0; i < count; i++) output.tangent[i] = slope[i]! * input.tangent[i]!
    },
    backward: () => {
      for (let i = 0; i < count; i++) input.adjoint[i] = slope[i]! * output.adjoint[i]!
    },
    backwardTangent: () => {
      bow()
      for (let i = 0; i < count; i++) {
        input.adjointTangent[i] =
          slope[i]! * output.adjointTangent[i]! + bend[i]! * input.tangent[i]! * output.adjoint[i]!
      }
    },
    accumulate: nothing,
  }
}
