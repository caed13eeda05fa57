/** The minimum of a convex quadratic on a ball around the origin, by its secular equation. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Spectrum from "./internal/Spectrum.ts"

/**
 * The minimum of `x^T P x / 2 + c^T x` over `|x| <= radius` as a function of c, with P positive semidefinite, n x n.
 *
 * The value is that of the dual, `-|c|^2_(P + nu)^-1 / 2 - nu radius^2 / 2` at the multiplier nu that bisection finds. For
 * every nu it is a lower bound on the minimum (weak duality), so an error of nu never hides a gap. With an infinite radius
 * the minimum is attained only if c has no component in the null space of P. A component that rounding may have caused
 * counts as 0. Otherwise the value is -Infinity.
 */
export const minimumOnBall = (
  p: Float64Array,
  n: number,
  radius: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): ((c: Float64Array) => number) => {
  const pairs = SymmetricEigen.eigen(p, n, kernels)
  const noise = Spectrum.noise(pairs.values)
  const values = pairs.values.map((value) => (value > noise ? value : 0))
  const vectors = Array.from({ length: n }, (_, j) => SymmetricEigen.vector(pairs, j).slice())
  const coefficients = new Float64Array(n)
  const squaredLength = (nu: number): number => {
    let sum = 0
    for (let j = 0; j < n; j++) {
      const c = coefficients[j]!
      if (c !== 0) sum += Elementary.square(c / (values[j]! + nu))
    }
    return sum
  }
  const dual = (nu: number): number => {
    let sum = nu === 0 ? 0 : nu * radius * radius
    for (let j = 0; j < n; j++) {
      const c = coefficients[j]!
      if (c !== 0) sum += (c * c) / (values[j]! + nu)
    }
    return -sum / 2
  }
  return (c) => {
    for (let j = 0; j < n; j++) coefficients[j] = Vector.dot(vectors[j]!, c)
    const size = Vector.norm(coefficients)
    if (radius === Number.POSITIVE_INFINITY) {
      const rounding = 64 * n * Number.EPSILON * size
      for (let j = 0; j < n; j++) {
        if (values[j] === 0 && Math.abs(coefficients[j]!) <= rounding) coefficients[j] = 0
      }
      return dual(0)
    }
    if (size === 0 || radius === 0) return 0
    if (squaredLength(0) <= radius * radius) return dual(0)
    let low = 0
    let high = size / radius
    for (let k = 0; k < 200; k++) {
      const middle = (low + high) / 2
      if (middle === low || middle === high) break
      if (squaredLength(middle) > radius * radius) low = middle
      else high = middle
    }
    return dual(high)
  }
}
