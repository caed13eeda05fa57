import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as tf from "@tensorflow/tfjs"
import * as Jacobian from "./Jacobian.ts"
import { topEigenpairs, type Watching } from "./TopEigenpairs.ts"

/** The average gradient outer product (AGOP): the input directions that the model uses. */
export interface GradientOuterProduct {
  /** Row-major, `dimension x dimension`, the inputs flattened. */
  readonly matrix: Float64Array
  readonly dimension: number
  /** Ascending. */
  readonly eigenvalues: Float64Array
  /** Unit vectors in the order of the eigenvalues, concatenated. */
  readonly eigenvectors: Float64Array
}

/** Its largest eigenpairs, without the matrix. */
export interface TopGradientOuterProduct extends Omit<GradientOuterProduct, "matrix"> {
  /** An eigenvalue lies within `residuals[i]` of `eigenvalues[i]`. */
  readonly residuals: Float64Array
  readonly products: number
}

export interface GradientOuterProductOptions extends Jacobian.OutputOptions {
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}

export interface TopOptions extends GradientOuterProductOptions, Watching {
  /** Number of largest eigenvalues. */
  readonly count: number
  /** Tolerance of the residuals, relative to the largest eigenvalue; default 1e-2. */
  readonly tolerance?: number
  /**
   * Maximum number of products, each of two forward passes and one backward pass; default 20, plus 10 for each eigenpair.
   */
  readonly maxProducts?: number
  /** Samples per pass, which bounds the memory; default 16. */
  readonly batchSize?: number
  readonly seed?: Seed.Seed
}

/** A matrix of more rows than this is not made: 128 MiB. */
const largestMatrix = 4096

const dense = (
  model: tf.LayersModel,
  inputs: tf.Tensor,
  options: GradientOuterProductOptions,
): GradientOuterProduct => {
  const columns = inputs.size / (inputs.shape[0] ?? 1)
  if (columns > largestMatrix) {
    invalid(
      "gradientOuterProduct",
      `an input of more than ${largestMatrix} numbers has too large a matrix: request the largest eigenpairs, { count: 10 }`,
      { dimension: columns },
    )
  }
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

/** The cube root of float32's epsilon, as for products with the Hessian. */
const relativeStep = Elementary.pow(2, -23 / 3)

/** `v -> J' J v / n`, batch by batch: J v by central differences of the outputs, J' w by one backward pass. */
const productBy = (
  { chosen, predict, samples }: Jacobian.Outputs,
  inputs: tf.Tensor,
  batchSize: number,
) => {
  const shape = inputs.shape.slice(1)
  return (v: Float64Array, out: Float64Array): void => {
    out.fill(0)
    for (let from = 0; from < samples; from += batchSize) {
      tf.tidy(() => {
        const batch = tf.slice(inputs, from, Math.min(batchSize, samples - from))
        const length = Vector.norm(v)
        const size = Math.max(
          1,
          Math.sqrt(tf.sum(tf.square(batch)).dataSync()[0]! / batch.shape[0]),
        )
        const h = (relativeStep * size) / length
        const move = tf.tensor(
          Float32Array.from(v, (x) => h * x),
          [1, ...shape],
        )
        const ahead = chosen(predict(tf.add(batch, move)))
        const behind = chosen(predict(tf.sub(batch, move)))
        const along = tf.div(tf.sub(ahead, behind), 2 * h)
        const total = (x: tf.Tensor) => tf.sum<tf.Scalar>(tf.mul(chosen(predict(x)), along))
        const back = tf.sum(tf.grad(total)(batch), 0).dataSync()
        for (let j = 0; j < out.length; j++) out[j]! += back[j]! / samples
      })
    }
  }
}

const top = async (
  model: tf.LayersModel,
  inputs: tf.Tensor,
  { batchSize = 16, count, tolerance = 1e-2, ...options }: TopOptions,
): Promise<TopGradientOuterProduct> => {
  const outputs = Jacobian.outputsIn("gradientOuterProduct", model, inputs, options)
  const dimension = inputs.size / outputs.samples
  Require.count("gradientOuterProduct", "count", count, 1, dimension)
  Require.count("gradientOuterProduct", "batchSize", batchSize)
  const { maxProducts = 20 + 10 * count } = options
  Require.count("gradientOuterProduct", "maxProducts", maxProducts, 2 * count)
  const { kernels = Kernels.standard(), seed = Seed.root("tensorflow").child("AGOP") } = options
  const found = await topEigenpairs(productBy(outputs, inputs, batchSize), {
    ...options,
    dimension,
    count,
    tolerance,
    maxProducts,
    seed,
    kernels,
  })
  const order = Array.from(found.values.keys()).toReversed()
  const eigenvectors = new Float64Array(order.length * dimension)
  order.forEach((k, i) => eigenvectors.set(found.vectors[k]!, i * dimension))
  return {
    dimension,
    eigenvalues: Float64Array.from(order, (k) => found.values[k]!),
    eigenvectors,
    residuals: Float64Array.from(order, (k) => found.residuals[k]!),
    products: found.products,
  }
}

/**
 * `(1/n) sum_i sum_c grad_x f_c(x_i) grad_x f_c(x_i)'` over the inputs, in inference mode: the whole matrix and spectrum, or with `count`
 * the promise of its largest eigenpairs, ascending, without the matrix.
 *
 * The matrix costs a backward pass for each output; the products are in float64, of gradients rounded to float32. Otherwise a product costs
 * three passes for any number of outputs, to about 1e-3 of its length, and memory for 12 `count` inputs. Throws ShapeMismatch,
 * NotALayersModel, and InvalidInput, also on an input of more than 4,096 numbers without `count`; an aborted `signal` rejects.
 *
 * @example
 * ```ts import.meta.vitest
 * import { gradientOuterProduct } from "@nonconvex/tensorflow"
 * import * as tf from "@tensorflow/tfjs"
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1, weights: [tf.tensor2d([[3], [4]]), tf.zeros([1])] })] })
 * const { eigenvalues } = await gradientOuterProduct(model, tf.ones([5, 2]), { count: 1 })
 * eigenvalues[0]!.toFixed(1) // => "25.0"
 * ```
 */
export function gradientOuterProduct(
  model: tf.LayersModel,
  inputs: tf.Tensor,
  options: TopOptions,
): Promise<TopGradientOuterProduct>
export function gradientOuterProduct(
  model: tf.LayersModel,
  inputs: tf.Tensor,
  options?: GradientOuterProductOptions,
): GradientOuterProduct
export function gradientOuterProduct(
  model: tf.LayersModel,
  inputs: tf.Tensor,
  options: GradientOuterProductOptions | TopOptions = {},
): GradientOuterProduct | Promise<TopGradientOuterProduct> {
  return "count" in options ? top(model, inputs, options) : dense(model, inputs, options)
}
