import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { type SampleModel, squareLossModel } from "../../problems/SampleModel.ts"

/** `p_i(x) = x' B_i x / 2 + c_i . x` with the square loss, and a point that interpolates. */
export interface QuadraticModel extends SampleModel {
  readonly minimum: Float64Array
  /** Symmetric B_i, row-major; they give `p_i(x)` and `grad p_i(x)`. */
  readonly forms: ReadonlyArray<Float64Array>
  readonly slopes: ReadonlyArray<Float64Array>
}

/** `out = B x`, with each sum in the order of the columns; four rows at once keep the adders busy. */
const multiply = (b: Float64Array, x: Float64Array, out: Float64Array): void => {
  const n = x.length
  const last = n - 1
  for (let r = 0; r < n; r += 4) {
    // beyond the last row it is the last one again
    const [r1, r2, r3] = [Math.min(r + 1, last), Math.min(r + 2, last), Math.min(r + 3, last)]
    let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0]
    for (let j = 0; j < n; j++) {
      const factor = x[j]!
      sum0 += b[r * n + j]! * factor
      sum1 += b[r1 * n + j]! * factor
      sum2 += b[r2 * n + j]! * factor
      sum3 += b[r3 * n + j]! * factor
    }
    out[r] = sum0
    out[r1] = sum1
    out[r2] = sum2
    out[r3] = sum3
  }
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
    const c = slopes[i]!
    multiply(forms[i]!, x, gradient)
    let value = 0
    for (let r = 0; r < n; r++) {
      const sum = gradient[r]!
      gradient[r] = sum + c[r]!
      value += x[r]! * (0.5 * sum + c[r]!)
    }
    return value
  }
  const work = new Float64Array(n)
  const product = new Float64Array(n)
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
        multiply(forms[i]!, v, product)
        for (let r = 0; r < n; r++) {
          out[r]! += (along * work[r]! + residual * product[r]!) / size
        }
      }
    },
  })
  return { ...model, minimum, forms, slopes }
}

/**
 * `grad tr Hess f` of a quadratic model at an interpolating point: `(1 / n) sum_i (2 B_i grad p_i + tr B_i grad p_i)`. The
 * projection onto the tangent space keeps only the first term. Derived here.
 */
export const gradientOfTraceAtMinimum = (model: QuadraticModel): Float64Array => {
  const n = model.dimension
  const row = new Float64Array(n)
  const product = new Float64Array(n)
  const out = new Float64Array(n)
  for (let i = 0; i < model.size; i++) {
    model.predictionGradient(i, model.minimum, row)
    const b = model.forms[i]!
    let trace = 0
    for (let r = 0; r < n; r++) trace += b[r * n + r]!
    multiply(b, row, product)
    for (let r = 0; r < n; r++) {
      // grad |grad p|^2 = 2 B grad p, and the residual's part (p - y) tr B has the gradient tr B grad p
      out[r]! += (2 * product[r]! + trace * row[r]!) / model.size
    }
  }
  return out
}
