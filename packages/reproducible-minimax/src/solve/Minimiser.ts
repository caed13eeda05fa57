/** The minimiser of a quadratic on a ball, to the last digits, with a certificate. Derived here. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Exactly from "../numbers/Exactly.ts"
import { powerOfTwo } from "../numbers/PowerOfTwo.ts"
import * as Theory from "../theory/Theory.ts"

export interface Minimiser {
  /**
   * `minimiser`: the unique one; `nearby`: the minimiser with `strength |x|^2 / 2` added, if there may be several;
   * `constant`: the origin, where H and b are 0 and every point is a minimiser.
   */
  readonly target: "minimiser" | "nearby" | "constant"
  readonly strength: number
  /** Scaled by a power of two for each coordinate: `x_i = units_i point_i`. */
  readonly point: Float64Array
  readonly units: Float64Array
  /** Bound on the distance to it, in these units: proved, assuming the textbook bound on the error of the eigenvalues. */
  readonly distance: number
  /** Bound on the gap at a point near it, in these units; absent on the sphere and if there may be several minimisers. */
  readonly gap?: (point: Float64Array) => number
}

/** Strength for a matrix whose largest entry is between a half and 1. */
const strengthOfNearby = 2 ** -20

const unit = 2 ** -53

/** Multiplier nu at which `sum (c_j / (values_j + nu))^2` equals the squared radius; 0 if the sum is smaller at 0. */
const multiplier = (values: Float64Array, c: Float64Array, radius: number): number => {
  if (radius === Number.POSITIVE_INFINITY) return 0
  const isLong = (nu: number): boolean =>
    Vector.norm(c.map((x, j) => (x === 0 ? 0 : x / (values[j]! + nu)))) > radius
  if (!isLong(0)) return 0
  let [low, high] = [0, Vector.norm(c) / radius]
  for (let k = 0; k < 200; k++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (isLong(middle)) low = middle
    else high = middle
  }
  return high
}

/** Moves a point close to the sphere onto it. */
const stretch = (x: Exactly.Parts<Float64Array>, radius: number): void => {
  const one = Exactly.zeros(1)
  const twice = { level: x.level, rest: x.rest.map((rest) => 2 * rest) }
  const r = { level: Float64Array.of(radius), rest: new Float64Array(1) }
  Exactly.addProduct(false, 1, x.level.length, x.level, twice, one)
  Exactly.addProduct(false, 1, 1, Float64Array.of(-radius), r, one)
  const share = -(one.level[0]! + one.rest[0]!) / (2 * radius * radius)
  for (let i = 0; i < x.level.length; i++) Exactly.addTo(x, i, share * x.level[i]!)
}

/** Like `minimiser`, for one scaling of the coordinates, on the scaled ball. */
const scaled = (
  hessian: Float64Array,
  linear: Float64Array,
  units: Float64Array,
  radius: number,
  kernels: Kernels.Kernels,
): Minimiser => {
  const n = linear.length
  const inUnits = hessian.map((h, k) => h * units[k % n]! * units[Math.floor(k / n)]!)
  const scale = powerOfTwo(Vector.maxAbs(inUnits) || Vector.maxAbs(linear))
  const matrix = inUnits.map((h) => h / scale)
  const right = linear.map((b, i) => (b * units[i]!) / scale)
  const pairs = SymmetricEigen.eigen(matrix, n, kernels)
  const largest = pairs.values[n - 1]!
  const rounding = 32 * n * unit * largest
  const least = pairs.values[0]! - rounding
  const isDefinite = least > rounding
  const convex = pairs.values.map((value) => Math.max(value, isDefinite ? least : 0))
  const along = (x: Float64Array) =>
    Float64Array.from({ length: n }, (_, j) => Vector.dot(SymmetricEigen.vector(pairs, j), x))
  const coefficients = along(right)
  const slope = multiplier(convex, coefficients, radius)
  const strength = isDefinite || slope > strengthOfNearby ? 0 : strengthOfNearby
  const values = convex.map((value) => value + strength)
  const nu = strength === 0 ? slope : multiplier(values, coefficients, radius)
  const tension = Exactly.zeros(1)
  tension.level[0] = nu
  /** `H x - b + (strength + nu) x`. */
  const offAt = (x: Exactly.Parts<Float64Array>): Float64Array => {
    const sum = { level: right.map((b) => -b), rest: x.rest.map((z) => (strength + nu) * z) }
    for (let i = 0; i < n; i++) Exactly.addTo(sum, i, strength * x.level[i]!)
    Exactly.addProduct(true, 1, n, x.level, tension, sum)
    Exactly.addProduct(false, n, n, matrix, x, sum)
    return sum.level.map((level, i) => level + sum.rest[i]!)
  }
  /** `(H + strength + nu)^-1 y`, to the accuracy of the eigenvectors. */
  const divided = (y: Float64Array): Float64Array => {
    const parts = along(y)
    const sum = new Float64Array(n)
    for (let j = 0; j < n; j++) {
      Vector.axpy(parts[j]! / (values[j]! + nu), SymmetricEigen.vector(pairs, j), sum)
    }
    return sum
  }
  const x = Exactly.zeros(n)
  for (let k = 0; k < 8; k++) divided(offAt(x)).forEach((step, i) => Exactly.addTo(x, i, -step))
  if (nu > 0 || Vector.norm(x.level) > radius) stretch(x, radius)
  // Newton steps on the sphere, which correct the multiplier too
  const corrections = nu > 0 ? 4 : 0
  for (let k = 0; k < corrections; k++) {
    const [steps, pull] = [divided(offAt(x)), divided(x.level)]
    const change = -Vector.dot(x.level, steps) / Vector.dot(x.level, pull)
    if (!(tension.level[0] + change > 0)) break
    Exactly.addTo(tension, 0, change)
    for (let i = 0; i < n; i++) Exactly.addTo(x, i, -steps[i]! - change * pull[i]!)
    stretch(x, radius)
  }
  const length = Vector.norm(x.level)
  const off = Vector.norm(offAt(x))
  const more = 4 * unit * off + 16 * n * n * unit * unit * (1 + nu) * length
  // on the sphere the multiplier adds half of itself to the strong monotonicity
  const modulus = Math.max(0, least) + strength + nu / 2
  const distance = Theory.distanceFromResidual(off, more, modulus) + Vector.norm(x.rest)
  // all minimisers have the same gradient, and if it is not 0, a ball has one point that minimises along it
  const isSloped = nu * length > off + more + (largest + rounding) * distance
  const isOnly = strength === 0 && (isDefinite || isSloped)
  return {
    target: isOnly ? "minimiser" : "nearby",
    strength: scale * strength,
    point: x.level,
    units,
    distance,
    ...(isOnly &&
      nu === 0 && {
        gap: (point) => {
          const residual = Vector.norm(offAt({ level: point, rest: new Float64Array(n) }))
          return scale * Theory.gapFromResidual(residual, more, modulus)
        },
      }),
  }
}

/**
 * Minimises `x^T H x / 2 - b^T x` over `|x| <= radius`, with H symmetric and positive semidefinite. It uses the eigenvalues of H,
 * the secular equation, and refinement steps with residuals in twice the working precision.
 *
 * The minimiser is unique if H is positive definite or if the gradient there is not 0. Coordinates are first scaled so that the
 * diagonal of H is about 1, which removes the dependence on units. If that gives no unique minimiser inside the ball, they are
 * scaled so that the radius is about 1.
 */
export const minimiser = (
  hessian: Float64Array,
  linear: Float64Array,
  radius: number,
  kernels: Kernels.Kernels,
): Minimiser => {
  const n = linear.length
  const ones = new Float64Array(n).fill(1)
  if (Vector.maxAbs(hessian) === 0 && Vector.maxAbs(linear) === 0) {
    return { target: "constant", strength: 0, point: new Float64Array(n), units: ones, distance: 0 }
  }
  const units = Float64Array.from({ length: n }, (_, i) => {
    const diagonal = hessian[i * n + i]!
    return diagonal > 0 ? 1 / powerOfTwo(Math.sqrt(diagonal)) : 1
  })
  const free = scaled(hessian, linear, units, Number.POSITIVE_INFINITY, kernels)
  const length = Vector.norm(free.point.map((z, i) => units[i]! * z))
  if (free.gap !== undefined && length <= radius) return free
  const size = powerOfTwo(radius)
  const right = linear.map((b) => b / size)
  const { gap, ...onBall } = scaled(hessian, right, ones, radius / size, kernels)
  return {
    ...onBall,
    point: onBall.point.map((z) => size * z),
    distance: size * onBall.distance,
    ...(gap !== undefined && {
      gap: (point) => size * size * gap(point.map((x) => x / size)),
    }),
  }
}
