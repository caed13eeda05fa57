import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { addGradients, outputs, preactivations, type TwoLayer } from "../network/TwoLayer.ts"

const maxSteps = 60

/**
 * Solves the n x n system in place of `b`, overwriting `a`, by elimination with pivoting: the matrix of the retraction is not
 * symmetric.
 */
export const solveGeneral = (a: Float64Array, n: number, b: Float64Array): void => {
  for (let c = 0; c < n; c++) {
    let pivot = c
    for (let i = c + 1; i < n; i++) {
      if (Math.abs(a[i * n + c]!) > Math.abs(a[pivot * n + c]!)) pivot = i
    }
    const held = a.slice(c * n, (c + 1) * n)
    a.copyWithin(c * n, pivot * n, (pivot + 1) * n)
    a.set(held, pivot * n)
    ;[b[c], b[pivot]] = [b[pivot]!, b[c]!]
    for (let i = c + 1; i < n; i++) {
      const ratio = a[i * n + c]! / a[c * n + c]!
      for (let k = c; k < n; k++) a[i * n + k]! -= ratio * a[c * n + k]!
      b[i]! -= ratio * b[c]!
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let value = b[i]!
    for (let k = i + 1; k < n; k++) value -= a[i * n + k]! * b[k]!
    b[i] = value / a[i * n + i]!
  }
}

/**
 * Orthographic retraction of `theta + direction` to `{f = f(theta)}`, along the gradients of the outputs at `theta`.
 *
 * `theta`, `direction` and the result, a fresh array, are m x d. It is of second order: the second derivative of F along it is
 * the Riemannian Hessian. Throws InvalidInput if Newton's iteration does not converge, as for a direction that is too long.
 * Derived here.
 */
export const retract = (
  network: TwoLayer,
  theta: Float64Array,
  direction: Float64Array,
): Float64Array => {
  const { activation, gram, neurons: m, size: n } = network
  const target = outputs(network, theta)
  const slopes = preactivations(network, theta).map(activation.first)
  const moved = theta.map((value, k) => value + direction[k]!)
  const z = new Float64Array(n * m)
  const matrix = new Float64Array(n * n)
  const scale = Math.max(1, Vector.maxAbs(target))
  let last = Number.POSITIVE_INFINITY
  for (let step = 0; step < maxSteps && Vector.isFinite(moved); step++) {
    const gap = outputs(network, moved).map((f, i) => target[i]! - f)
    const worst = Vector.maxAbs(gap)
    // below this, rounding alone decides
    if (worst <= 1e-15 * scale || (worst <= 1e-13 * scale && worst >= last)) return moved
    last = worst
    preactivations(network, moved, z)
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < n; k++) {
        let sum = 0
        for (let j = 0; j < m; j++) sum += activation.first(z[i * m + j]!) * slopes[k * m + j]!
        matrix[i * n + k] = sum * gram[i * n + k]!
      }
    }
    solveGeneral(matrix, n, gap)
    addGradients(network, slopes, gap, moved)
  }
  return invalid(
    "retract",
    "the direction must be short enough for Newton's iteration to converge",
    {
      residual: last,
    },
  )
}
