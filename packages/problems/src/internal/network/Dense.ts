import type * as Kernels from "@nonconvex/numerics/Kernels"
import { perSample } from "./PerSample.ts"
import type { Layer } from "./Placement.ts"
import { isConstant, slice, type Signal } from "./Signal.ts"
import type { Stage } from "./Stage.ts"

/** Adds the biases, if there are any, to each row. */
const addToRows = (bias: Float64Array, out: Float64Array): void => {
  const width = bias.length
  if (width === 0) return
  for (let at = 0; at < out.length; at += width) {
    for (let j = 0; j < width; j++) out[at + j]! += bias[j]!
  }
}

/** Adds the sum over the rows to what belongs to the biases, if there are any. */
const addColumnSums = (rows: Float64Array, bias: Float64Array): void => {
  const width = bias.length
  if (width === 0) return
  for (let at = 0; at < rows.length; at += width) {
    for (let j = 0; j < width; j++) bias[j]! += rows[at + j]!
  }
}

/**
 * The affine stage of a layer: each row `a` of the input becomes `W a + b`. A sample has `positions` rows, the windows of a
 * convolution.
 */
export const dense = (
  kernels: Kernels.Kernels,
  layer: Layer,
  parameters: Signal,
  input: Signal,
  output: Signal,
  positions: number,
): Stage => {
  const { gemm } = kernels
  const { inputs, outputs } = layer
  const first = isConstant(input)
  const rows = output.value.length / outputs
  const weights = slice(parameters, layer.weights, layer.weights + outputs * inputs)
  const bias = slice(
    parameters,
    layer.bias ?? 0,
    layer.bias === undefined ? 0 : layer.bias + outputs,
  )

  /** out = keep out + rows W^T */
  const apply = (matrix: Float64Array, from: Float64Array, keep: 0 | 1, out: Float64Array): void =>
    gemm(false, true, rows, outputs, inputs, 1, from, matrix, keep, out)
  /** out = keep out + rows W */
  const pullBack = (
    matrix: Float64Array,
    from: Float64Array,
    keep: 0 | 1,
    out: Float64Array,
  ): void => gemm(false, false, rows, inputs, outputs, 1, from, matrix, keep, out)
  /** out += sum over the rows of z a^T */
  const addOuter = (z: Float64Array, a: Float64Array, out: Float64Array): void =>
    gemm(true, false, outputs, inputs, rows, 1, z, a, 1, out)

  return {
    forward: () => {
      apply(weights.value, input.value, 0, output.value)
      addToRows(bias.value, output.value)
    },
    forwardTangent: () => {
      apply(weights.tangent, input.value, 0, output.tangent)
      addToRows(bias.tangent, output.tangent)
      if (!first) apply(weights.value, input.tangent, 1, output.tangent)
    },
    backward: () => {
      if (!first) pullBack(weights.value, output.adjoint, 0, input.adjoint)
    },
    backwardTangent: () => {
      addOuter(output.adjointTangent, input.value, weights.adjointTangent)
      addColumnSums(output.adjointTangent, bias.adjointTangent)
      if (first) return
      addOuter(output.adjoint, input.tangent, weights.adjointTangent)
      pullBack(weights.value, output.adjointTangent, 0, input.adjointTangent)
      pullBack(weights.tangent, output.adjoint, 1, input.adjointTangent)
    },
    accumulate: () => {
      addOuter(output.adjoint, input.value, weights.adjoint)
      addColumnSums(output.adjoint, bias.adjoint)
    },
    perSample: perSample(kernels, layer, input, output, positions),
  }
}
