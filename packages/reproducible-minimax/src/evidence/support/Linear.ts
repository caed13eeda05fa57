/** Small linear systems: the closed forms that iterative answers are compared with. */
import * as Vector from "@nonconvex/numerics/Vector"

/** The solution of `a x = b`, a row-major and invertible; Gaussian elimination with row pivots. */
const solveLinear = (a: Float64Array, b: Float64Array): Float64Array => {
  const n = b.length
  const [m, x] = [a.slice(), b.slice()]
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(m[i * n + k]!) > Math.abs(m[pivot * n + k]!)) pivot = i
    }
    for (let j = 0; j < n; j++) {
      ;[m[k * n + j], m[pivot * n + j]] = [m[pivot * n + j]!, m[k * n + j]!]
    }
    ;[x[k], x[pivot]] = [x[pivot]!, x[k]!]
    for (let i = k + 1; i < n; i++) {
      const factor = m[i * n + k]! / m[k * n + k]!
      for (let j = k; j < n; j++) m[i * n + j]! -= factor * m[k * n + j]!
      x[i]! -= factor * x[k]!
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) x[k]! -= m[k * n + j]! * x[j]!
    x[k]! /= m[k * n + k]!
  }
  return x
}

/** Jacobian and constant of an affine operator. */
export const affine = (
  operator: (z: Float64Array, out: Float64Array) => void,
  size: number,
): { readonly jacobian: Float64Array; readonly constant: Float64Array } => {
  const constant = new Float64Array(size)
  operator(new Float64Array(size), constant)
  const jacobian = new Float64Array(size * size)
  const unit = new Float64Array(size)
  const column = new Float64Array(size)
  for (let j = 0; j < size; j++) {
    unit[j] = 1
    operator(unit, column)
    unit[j] = 0
    for (let i = 0; i < size; i++) jacobian[i * size + j] = column[i]! - constant[i]!
  }
  return { jacobian, constant }
}

/** The zero of `V(z) + r (z - center)` for an affine V: the regularised solution on the whole space. */
export const regularisedSolution = (
  operator: (z: Float64Array, out: Float64Array) => void,
  r: number,
  center: Float64Array,
): Float64Array => {
  const size = center.length
  const { constant, jacobian } = affine(operator, size)
  for (let i = 0; i < size; i++) jacobian[i * size + i]! += r
  const right = center.map((c, i) => r * c - constant[i]!)
  return solveLinear(jacobian, right)
}

/** `a + scale b`, a copy. */
export const plus = (a: Float64Array, scale: number, b: Float64Array): Float64Array => {
  const sum = a.slice()
  Vector.axpy(scale, b, sum)
  return sum
}
