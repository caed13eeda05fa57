import * as Require from "@nonconvex/numerics/Require"
import type { Architecture } from "../../network/Architecture.ts"
import * as Memory from "./Memory.ts"
import { type OutputCurvature, outputFactors } from "./OutputFactors.ts"

/**
 * Factor A of the Gauss-Newton matrix `A' A` of the mean loss at `x`. Row `i * outputs + k` is the gradient of `s_k . f` of
 * sample i over the root of the number of samples, with `H_f = sum_k s_k s_k'`. For the squared loss it is the Jacobian.
 */
export const factorIn =
  (
    memory: Memory.Memory,
    { dimension, inputs, outputs }: Architecture,
    features: Float64Array,
    loss: OutputCurvature,
  ) =>
  (x: Float64Array, out: Float64Array): void => {
    const { capacity } = memory
    const size = features.length / inputs
    Require.length("network", "factor", out.length, size * outputs * dimension)
    Memory.setParameters(memory, x)
    for (let start = 0; start < size; start += capacity) {
      const frame = memory.frame(Math.min(capacity, size - start))
      const factors = outputFactors(loss, outputs, frame.output)
      frame.input.set(features.subarray(start * inputs, (start + frame.rows) * inputs))
      Memory.forward(frame)
      factors.prepare()
      for (let k = 0; k < outputs; k++) {
        const rows = out.subarray((start * outputs + k) * dimension)
        factors.write(k)
        Memory.sweep(frame, ({ perSample }) => perSample?.gradients(rows, outputs * dimension))
      }
    }
    const scale = 1 / Math.sqrt(size)
    for (let i = 0; i < out.length; i++) out[i]! *= scale
  }
