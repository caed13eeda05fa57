import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { type SampleModel, squareLossModel } from "../../problems/SampleModel.ts"

/** `p_i(x) = x' B_i x / 2 + c_i . x` with the square loss, and a point where every prediction meets its label. */
export interface QuadraticModel extends SampleModel {
  readonly minimum: Float64Array
  /** `p_i(x)` plus `grad p_i(x)`: symmetric B_i, row-major. */
  readonly forms: ReadonlyArray<Float64Array>
  readonly slopes: ReadonlyArray<Float64Array>
}

/** A random quadratic model with `size < dimension` samples: its minima form a manifold of dimension `dimension - size`. */
export const quadraticModel = (options: {
  readonly dimension: number
  readonly size: number
  readonly seed: Seed.Seed
}): QuadraticModel => {
  const { dimension: n, seed, size } = options
  Require.count("quadraticModel", "dimension", n)
  Require.count("quadraticModel", "size", size)
  const stream = RandomStream.make(seed)
  const forms = Array.from({ length: size }, () => {
    const b = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) b[i * n + j] = b[j * n + i] = stream.normal() / Math.sqrt(n)
    }
    return b
  })
  const slopes = Array.from({ length: size }, () => stream.normals(n))
  const minimum = stream.normals(n)
  const predict = (i: number, x: Float64Array, gradient: Float64Array): number => {
    const b = forms[i]!
    const c = slopes[i]!
    let value = 0
    for (let r = 0; r < n; r++) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += b[r * n + j]! * x[j]!
      gradient[r] = sum + c[r]!
      value += x[r]! * (0.5 * sum + c[r]!)
    }
    return value
  }
  const work = new Float64Array(n)
  const labels = Float64Array.from({ length: size }, (_, i) => predict(i, minimum, work))
  const model = squareLossModel({
    name: "quadratic model",
    dimension: n,
    size,
    predictionGradient: (i, x, gradient) => predict(i, x, gradient) - labels[i]!,
    hessianVector: (x, v, out) => {
      out.fill(0)
      for (let i = 0; i < size; i++) {
        const residual = predict(i, x, work) - labels[i]!
        let along = 0
        for (let j = 0; j < n; j++) along += work[j]! * v[j]!
        const b = forms[i]!
        for (let r = 0; r < n; r++) {
          let sum = 0
          for (let j = 0; j < n; j++) sum += b[r * n + j]! * v[j]!
          out[r]! += (along * work[r]! + residual * sum) / size
        }
      }
    },
  })
  return { ...model, minimum, forms, slopes }
}

/**
 * `grad tr Hess f` of a quadratic model where every prediction meets its label: `(1 / n) sum_i (2 B_i grad p_i + tr B_i grad p_i)`,
 * of which the projection onto the tangent space leaves the first term. Derived here.
 */
export const gradientOfTraceAtMinimum = (model: QuadraticModel): Float64Array => {
  const n = model.dimension
  const row = new Float64Array(n)
  const out = new Float64Array(n)
  for (let i = 0; i < model.size; i++) {
    model.predictionGradient(i, model.minimum, row)
    const b = model.forms[i]!
    let trace = 0
    for (let r = 0; r < n; r++) trace += b[r * n + r]!
    for (let r = 0; r < n; r++) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += b[r * n + j]! * row[j]!
      // grad |grad p|^2 = 2 B grad p, and the residual's part (p - y) tr B has the gradient tr B grad p
      out[r]! += (2 * sum + trace * row[r]!) / model.size
    }
  }
  return out
}
