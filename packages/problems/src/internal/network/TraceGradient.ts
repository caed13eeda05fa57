import * as Require from "@nonconvex/numerics/Require"
import type { Architecture } from "../../network/Architecture.ts"
import * as Memory from "./Memory.ts"
import { type OutputCurvature, outputFactors } from "./OutputFactors.ts"

/**
 * Gradient of the trace of the Gauss-Newton matrix on the linear piece around `x`: exact, without differences that could
 * cross a kink.
 *
 * For `T = (1 / n) sum_i sum_k |grad (s_k . f_i)|^2` with fixed s_k it is `(2 / n) sum_i sum_k Hess (s_k . f_i) grad (s_k .
 * f_i)`: one Hessian-vector product for each sample and output. The term from the dependence of s_k on the outputs is added
 * (derived here).
 */
export const traceGradientIn =
  (
    memory: Memory.Memory,
    { inputs, outputs }: Architecture,
    features: Float64Array,
    loss: OutputCurvature,
  ) =>
  (x: Float64Array, out: Float64Array): void => {
    const { parameters } = memory
    const size = features.length / inputs
    const frame = memory.frame(1)
    const { output } = frame
    Require.length("network", "gradient", out.length, parameters.value.length)
    const factors = outputFactors(loss, outputs, output)
    const moved = new Float64Array(outputs)
    Memory.setParameters(memory, x)
    parameters.adjoint.fill(0)
    parameters.adjointTangent.fill(0)
    for (let i = 0; i < size; i++) {
      frame.input.set(features.subarray(i * inputs, (i + 1) * inputs))
      Memory.forward(frame)
      factors.prepare()
      moved.fill(0)
      for (let k = 0; k < outputs; k++) {
        factors.write(k)
        // the direction is the sample's own gradient
        Memory.sweep(frame, ({ perSample }) => perSample?.gradients(parameters.tangent, 0))
        Memory.forwardTangent(frame)
        factors.addMoved(k, moved)
        output.adjointTangent.fill(0)
        Memory.backwardTangent(frame)
      }
      output.adjoint.set(moved)
      Memory.backward(frame)
    }
    for (let j = 0; j < out.length; j++) {
      out[j] = (2 / size) * (parameters.adjointTangent[j]! + parameters.adjoint[j]!)
    }
  }
