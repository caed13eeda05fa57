import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Signal } from "./Signal.ts"
import { nothing, type Stage } from "./Stage.ts"

/** The stage that applies an activation to every element. */
export const elementwise = (
  kernels: Kernels.Kernels,
  activation: Kernels.Activation,
  input: Signal,
  output: Signal,
): Stage => {
  const count = input.value.length
  const slope = new Float64Array(count)
  const bend = new Float64Array(count)
  return {
    forward: () => kernels.activate(activation, input.value, output.value, slope),
    forwardTangent: () => {
      for (let i = 0; i < count; i++) output.tangent[i] = slope[i]! * input.tangent[i]!
    },
    backward: () => {
      for (let i = 0; i < count; i++) input.adjoint[i] = slope[i]! * output.adjoint[i]!
    },
    backwardTangent: () => {
      kernels.bend(activation, input.value, output.value, slope, bend)
      for (let i = 0; i < count; i++) {
        input.adjointTangent[i] =
          slope[i]! * output.adjointTangent[i]! + bend[i]! * input.tangent[i]! * output.adjoint[i]!
      }
    },
    accumulate: nothing,
  }
}
