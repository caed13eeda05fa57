import type { Activation } from "./Activation.ts"
import type { Operation } from "./Operation.ts"
import type { Signal } from "./Signal.ts"

/** The stage that applies an activation to every element of signals of the given width. */
export const elementwise = (
  activation: Activation,
  input: Signal,
  output: Signal,
  width: number,
): Operation => {
  const slope = new Float64Array(input.value.length)
  const bend = new Float64Array(input.value.length)
  return {
    forward: (rows) => activation.apply(input.value, output.value, slope, rows * width),
    forwardTangent: (rows) => {
      for (let i = 0; i < rows * width; i++) output.tangent[i] = slope[i]! * input.tangent[i]!
    },
    backward: (rows) => {
      for (let i = 0; i < rows * width; i++) input.adjoint[i] = slope[i]! * output.adjoint[i]!
    },
    backwardTangent: (rows) => {
      activation.applyBend(output.value, slope, bend, rows * width)
      for (let i = 0; i < rows * width; i++) {
        input.adjointTangent[i] =
          slope[i]! * output.adjointTangent[i]! + bend[i]! * input.tangent[i]! * output.adjoint[i]!
      }
    },
    accumulate: () => {
      // it has no parameters
    },
  }
}
