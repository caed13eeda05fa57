import * as Elementary from "@nonconvex/numerics/Elementary"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { type DeepFactorisation } from "../../factorisation/DeepFactorisation.ts"
import * as Theory from "../../theory/Theory.ts"

/** Eigenpairs of the Hessian by central differences of the gradient. */
export const hessianAt = (objective: DeepFactorisation, x: Float64Array): SymmetricEigen.Eigen => {
  const n = x.length
  const hessian = new Float64Array(n * n)
  const [ahead, behind] = [new Float64Array(n), new Float64Array(n)]
  const point = x.slice()
  const step = 1e-4
  for (let i = 0; i < n; i++) {
    point[i] = x[i]! + step
    objective.valueAndGradient(point, ahead)
    point[i] = x[i]! - step
    objective.valueAndGradient(point, behind)
    point[i] = x[i]!
    for (let j = 0; j < n; j++) hessian[i * n + j] = (ahead[j]! - behind[j]!) / (2 * step)
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (hessian[i * n + j]! + hessian[j * n + i]!) / 2
      hessian[i * n + j] = mean
      hessian[j * n + i] = mean
    }
  }
  return SymmetricEigen.eigen(hessian, n, objective.measurements.given)
}

/** Numbers of the eigenvectors along which the loss does not curve. */
const flatDirections = ({ values }: SymmetricEigen.Eigen): ReadonlyArray<number> => {
  const largest = values.at(-1)!
  return Array.from(values.keys()).filter((k) => Math.abs(values[k]!) <= 1e-6 * largest)
}

/** Projection onto the directions that preserve zero loss to first order. */
export const zeroLossDirections = (
  objective: DeepFactorisation,
  x: Float64Array,
): ((v: Float64Array) => Float64Array) => {
  const pairs = hessianAt(objective, x)
  const flat = flatDirections(pairs)
  return (v) => {
    const out = new Float64Array(v.length)
    for (const k of flat) {
      const e = SymmetricEigen.vector(pairs, k)
      Vector.axpy(Vector.dot(e, v), e, out)
    }
    return out
  }
}

/**
 * The mean step of full-batch label noise in its stationary state around a zero-loss point. The covariance of the linearised
 * descent is `eta s^2 / (2 lambda (1 - eta lambda / 2))` along each eigenvector, with the noise `s^2 = (2 sigma^2 / n) lambda` on
 * the gradient. Through the third derivative of the loss it gives `-(eta / 2) sum_k C_k (D^3 l)[v_k, v_k]`. Exact in the learning
 * rate to second order of the distance from that point.
 */
export const stationaryStep = (
  objective: DeepFactorisation,
  x: Float64Array,
  pairs: SymmetricEigen.Eigen,
  options: {
    readonly learningRate: number
    readonly noise: number
    readonly batch: number
    /** Mean over the given number of steps from that point, at the first of which the covariance is still growing. */
    readonly steps?: number
  },
): Float64Array => {
  const { batch, learningRate, noise, steps } = options
  const n = x.length
  const tangent = flatDirections(pairs)
  const step = new Float64Array(n)
  const slope = new Float64Array(n)
  const h = 1e-2
  for (let k = 0; k < n; k++) {
    if (tangent.includes(k)) continue
    const value = pairs.values[k]!
    const v = SymmetricEigen.vector(pairs, k)
    const gradientNoise = ((2 * noise * noise) / batch) * value
    const stationary =
      ((learningRate * gradientNoise) / (2 * value)) * Theory.finiteStepFactor(learningRate, value)
    const kept = Elementary.square(1 - learningRate * value)
    const grown =
      steps === undefined ? 1 : 1 - (1 - Elementary.pow(kept, steps)) / (steps * (1 - kept))
    const variance = grown * stationary
    // the second difference of a polynomial gradient, extrapolated to fourth order
    for (const [size, weight] of [
      [h, 4 / 3],
      [2 * h, -1 / 3],
    ] as const) {
      for (const sign of [1, -1]) {
        const point = x.slice()
        Vector.axpy(sign * size, v, point)
        objective.valueAndGradient(point, slope)
        Vector.axpy(((-learningRate / 2) * variance * weight) / (size * size), slope, step)
      }
    }
  }
  return step
}
