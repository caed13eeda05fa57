import * as Require from "@nonconvex/numerics/Require"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import { everyIndex } from "@nonconvex/problems/Samples"

/**
 * A mean of sample losses `l(p_i(x), y_i)` of predictions p_i. The paper analyses perturbations along single samples in this
 * setting (section 4, after Wen, Ma, Li 2023).
 *
 * At an interpolating point, the rows `grad p_i` span the normal space of the minima.
 */
export interface SampleModel extends FiniteSum {
  /** Returns `p_i(x) - y_i` and writes `grad p_i(x)`, row i of the Jacobian. */
  predictionGradient(i: number, x: Float64Array, gradient: Float64Array): number
  /** Returns the loss of sample i and writes its gradient. */
  sampleValueAndGradient(i: number, x: Float64Array, gradient: Float64Array): number
  /**
   * The model as data, for compiled twins of methods; a model with other functions must omit it:
   * `{ ...model, predictionGradient, form: undefined }`.
   */
  readonly form?: DiagonalForm | undefined
}

/** Predictions `p_i(u, v) = a_i . (u^2 - v^2)` with the square loss. */
export interface DiagonalForm {
  /** Row-major, one row per sample. */
  readonly matrix: Float64Array
  readonly labels: Float64Array
}

/** Tests whether a finite sum is a `SampleModel`. */
export const isSampleModel = (sum: FiniteSum): sum is SampleModel =>
  "predictionGradient" in sum && "sampleValueAndGradient" in sum

/**
 * A finite sum with the square loss `(p_i - y_i)^2 / 2`, from its predictions alone.
 *
 * @example
 * ```ts import.meta.vitest
 * import { squareLossModel } from "@nonconvex/flat-minima"
 *
 * const square = squareLossModel({
 *   name: "x^2 against 4",
 *   dimension: 1,
 *   size: 1,
 *   predictionGradient: (_, x, gradient) => {
 *     gradient[0] = 2 * x[0]!
 *     return x[0]! ** 2 - 4
 *   },
 * })
 * square.valueAndGradient(Float64Array.of(3), new Float64Array(1)) // => 12.5
 * ```
 */
export const squareLossModel = (options: {
  readonly name: string
  readonly dimension: number
  readonly size: number
  readonly predictionGradient: SampleModel["predictionGradient"]
  readonly hessianVector?: SampleModel["hessianVector"]
}): SampleModel => {
  const { dimension, name, predictionGradient, size } = options
  Require.count("squareLossModel", "dimension", dimension)
  Require.count("squareLossModel", "size", size)
  const row = new Float64Array(dimension)
  const sampleValueAndGradient: SampleModel["sampleValueAndGradient"] = (i, x, gradient) => {
    const residual = predictionGradient(i, x, gradient)
    for (let j = 0; j < dimension; j++) gradient[j]! *= residual
    return 0.5 * residual * residual
  }
  const every = everyIndex(size)
  const add = (i: number, weight: number, x: Float64Array, gradient: Float64Array): number => {
    const residual = predictionGradient(i, x, row)
    const scale = weight * residual
    for (let j = 0; j < dimension; j++) gradient[j]! += scale * row[j]!
    return 0.5 * residual * residual
  }
  const batchValueAndGradient: SampleModel["batchValueAndGradient"] = (indices, x, gradient) => {
    gradient.fill(0)
    let sum = 0
    for (let k = 0; k < indices.length; k++) {
      sum += add(indices[k]!, 1 / indices.length, x, gradient)
    }
    return sum / indices.length
  }
  return {
    name,
    dimension,
    size,
    constants: { minimum: { value: 0, basis: "bound", because: "no square is negative" } },
    predictionGradient,
    sampleValueAndGradient,
    gaussNewton: {
      rows: size,
      factor: (x, out) => {
        for (let i = 0; i < size; i++) {
          predictionGradient(i, x, row)
          for (let j = 0; j < dimension; j++) out[i * dimension + j] = row[j]! / Math.sqrt(size)
        }
      },
    },
    batchValueAndGradient,
    valueAndGradient: (x, gradient) => batchValueAndGradient(every, x, gradient),
    ...(options.hessianVector !== undefined && { hessianVector: options.hessianVector }),
  }
}
