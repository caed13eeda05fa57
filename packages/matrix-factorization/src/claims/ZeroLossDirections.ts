import { SymmetricEigen, Vector } from "@nonconvex/numerics"
import type { DeepFactorisation } from "../DeepFactorisation.ts"

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
  return SymmetricEigen.eigen(hessian, n)
}

/** Numbers of the eigenvectors along which the loss does not curve. */
export const flatDirections = ({ values }: SymmetricEigen.Eigen): ReadonlyArray<number> => {
  const largest = values.at(-1)!
  return Array.from(values.keys()).filter((k) => Math.abs(values[k]!) <= 1e-6 * largest)
}

/** The projection onto the directions in which a zero-loss point keeps its loss. */
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
