import * as Kernels from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import type * as tf from "@tensorflow/tfjs"
import * as Jacobian from "./Jacobian.ts"

/** The average gradient outer product (AGOP): which directions of the input the model looks at. */
export interface GradientOuterProduct {
  /** Row-major, `dimension x dimension`, the inputs flattened. */
  readonly matrix: Float64Array
  readonly dimension: number
  /** Ascending. */
  readonly eigenvalues: Float64Array
  /** Unit vectors in the order of the eigenvalues, one after the other. */
  readonly eigenvectors: Float64Array
}

/**
 * `(1/n) sum_i sum_c grad_x f_c(x_i) grad_x f_c(x_i)'` over the inputs, in inference mode.
 *
 * Costs a backward pass for each output; the products are in float64, of gradients rounded to float32. Throws ShapeMismatch,
 * InvalidInput.
 */
export const gradientOuterProduct = (
  model: tf.LayersModel,
  inputs: tf.Tensor,
  options: Jacobian.OutputOptions & {
    /** Default the strict kernels of this thread. */
    readonly kernels?: Kernels.Kernels
  } = {},
): GradientOuterProduct => {
  const jacobian = Jacobian.byInputs("gradientOuterProduct", model, inputs, options)
  const { columns: dimension, rows, samples, values } = jacobian
  const matrix = new Float64Array(dimension * dimension)
  for (let r = 0; r < rows; r++) {
    const gradient = values.subarray(r * dimension, (r + 1) * dimension)
    for (let i = 0; i < dimension; i++) {
      const scaled = gradient[i]! / samples
      if (scaled === 0) continue
      for (let j = 0; j < dimension; j++) matrix[i * dimension + j]! += scaled * gradient[j]!
    }
  }
  const { kernels = Kernels.standard() } = options
  const { values: eigenvalues, vectors } = SymmetricEigen.eigen(matrix, dimension, kernels)
  return { matrix, dimension, eigenvalues, eigenvectors: vectors }
}
