import * as Kernels from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import type * as tf from "@tensorflow/tfjs"
import * as Jacobian from "./Jacobian.ts"

/** The empirical tangent kernel of a model at its weights, on given inputs. */
export interface TangentKernel {
  /** Row-major, `size x size`; the outputs of one sample lie next to each other. */
  readonly matrix: Float64Array
  readonly size: number
  /** Ascending. */
  readonly eigenvalues: Float64Array
  readonly topEigenvalue: number
  readonly trace: number
  /**
   * Learning rate above which gradient descent is unstable for a linear model and the mean squared error of TensorFlow.js (over
   * samples and outputs). It is `size / topEigenvalue`, and c times that for the loss divided by c.
   */
  readonly criticalRate: number
}

/**
 * The tangent kernel `K = J J'`, J the Jacobian of the outputs with respect to the trainable weights, in inference mode.
 *
 * Costs one gradient per sample and output, and memory for as many weight vectors. The products are in float64, of gradients
 * rounded to float32. Throws NoTrainableWeights, ShapeMismatch, InvalidInput.
 *
 * @example
 * ```ts import.meta.vitest
 * import { tangentKernel } from "@nonconvex/tensorflow"
 * import * as tf from "@tensorflow/tfjs"
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1, useBias: false })] })
 * const { eigenvalues } = tangentKernel(model, tf.tensor2d([[3, 0], [0, 4]]))
 * Array.from(eigenvalues) // => [9, 16]
 * ```
 */
export const tangentKernel = (
  model: tf.LayersModel,
  inputs: tf.Tensor,
  options: Jacobian.OutputOptions & {
    /** Default the strict kernels of this thread. */
    readonly kernels?: Kernels.Kernels
  } = {},
): TangentKernel => {
  const { kernels = Kernels.standard() } = options
  const { columns, rows, values } = Jacobian.byWeights("tangentKernel", model, inputs, options)
  const row = (i: number) => values.subarray(i * columns, (i + 1) * columns)
  const matrix = new Float64Array(rows * rows)
  let trace = 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      matrix[i * rows + j] = matrix[j * rows + i] = Vector.dot(row(i), row(j))
    }
    trace += matrix[i * rows + i]!
  }
  const eigenvalues = SymmetricEigen.eigen(matrix, rows, kernels).values
  const topEigenvalue = eigenvalues[rows - 1]!
  return {
    matrix,
    size: rows,
    eigenvalues,
    topEigenvalue,
    trace,
    criticalRate: topEigenvalue > 0 ? rows / topEigenvalue : Infinity,
  }
}
