import { multiply, rowMajor, transposed } from "../MatrixProduct.ts"
import type { Layer } from "./Architecture.ts"
import type { Operation } from "./Operation.ts"
import type { Signal } from "./Signal.ts"

/** Copies the biases into each row, or 0 where there are none. */
const startWithBias = (
  { bias, outputs }: Layer,
  parameters: Float64Array,
  out: Float64Array,
  rows: number,
): void => {
  if (bias === undefined) {
    out.fill(0, 0, rows * outputs)
    return
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < outputs; j++) out[i * outputs + j] = parameters[bias + j]!
  }
}

/** Adds the sum over the rows to the elements that belong to the biases. */
const addColumnSums = (
  { bias, outputs }: Layer,
  from: Float64Array,
  parameters: Float64Array,
  rows: number,
): void => {
  if (bias === undefined) return
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < outputs; j++) parameters[bias + j]! += from[i * outputs + j]!
  }
}

/** The affine stage of a layer: each row `a` of the input becomes `W a + b`. */
export const dense = (
  layer: Layer,
  parameters: Signal,
  input: Signal,
  output: Signal,
  options: { readonly first: boolean },
): Operation => {
  const { inputs, outputs } = layer
  const { first } = options
  const matrix = (data: Float64Array) => rowMajor(data, inputs, layer.weights)
  const weights = matrix(parameters.value)
  const weightsTransposed = transposed(weights)
  const gradient = matrix(parameters.adjoint)
  const direction = matrix(parameters.tangent)
  const directionTransposed = transposed(direction)
  const product = matrix(parameters.adjointTangent)

  const a = rowMajor(input.value, inputs)
  const aAdjoint = rowMajor(input.adjoint, inputs)
  const aTangent = rowMajor(input.tangent, inputs)
  const aAdjointTangent = rowMajor(input.adjointTangent, inputs)
  const z = rowMajor(output.value, outputs)
  const zTangent = rowMajor(output.tangent, outputs)
  const zAdjoint = rowMajor(output.adjoint, outputs)
  const zAdjointTangent = rowMajor(output.adjointTangent, outputs)
  const zAdjointTransposed = transposed(zAdjoint)
  const zAdjointTangentTransposed = transposed(zAdjointTangent)

  return {
    forward: (rows) => {
      startWithBias(layer, parameters.value, output.value, rows)
      multiply(1, a, weightsTransposed, z, rows, outputs, inputs)
    },
    forwardTangent: (rows) => {
      startWithBias(layer, parameters.tangent, output.tangent, rows)
      multiply(1, a, directionTransposed, zTangent, rows, outputs, inputs)
      if (!first) multiply(1, aTangent, weightsTransposed, zTangent, rows, outputs, inputs)
    },
    backward: (rows) => {
      if (!first) multiply(0, zAdjoint, weights, aAdjoint, rows, inputs, outputs)
    },
    backwardTangent: (rows) => {
      multiply(1, zAdjointTangentTransposed, a, product, outputs, inputs, rows)
      addColumnSums(layer, output.adjointTangent, parameters.adjointTangent, rows)
      if (first) return
      multiply(1, zAdjointTransposed, aTangent, product, outputs, inputs, rows)
      multiply(0, zAdjointTangent, weights, aAdjointTangent, rows, inputs, outputs)
      multiply(1, zAdjoint, direction, aAdjointTangent, rows, inputs, outputs)
    },
    accumulate: (rows) => {
      multiply(1, zAdjointTransposed, a, gradient, outputs, inputs, rows)
      addColumnSums(layer, output.adjoint, parameters.adjoint, rows)
    },
  }
}
