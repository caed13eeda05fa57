/**
 * Minimisation of a smooth function by limited-memory BFGS (Liu and Nocedal 1989, two-loop recursion). A bisection finds the weak
 * Wolfe conditions (Lewis and Overton 2013). Small problems of this package only: no library for it is on npm.
 */
import * as Vector from "@nonconvex/numerics/Vector"

interface Options {
  /** Stops where the norm of the gradient is at most this. */
  readonly gradientTolerance: number
  readonly maxIterations: number
  /** Number of pairs of steps and gradient changes that are kept; default 20. */
  readonly memory?: number
}

interface Minimum {
  readonly point: Float64Array
  readonly value: number
  readonly gradientNorm: number
  readonly iterations: number
  /** "stalled": no step along the last direction lowers the value in floating point. */
  readonly status: "converged" | "budget" | "stalled"
}

type Smooth = (x: Float64Array, gradient: Float64Array) => number

interface Pair {
  readonly s: Float64Array
  readonly y: Float64Array
  readonly inverse: number
}

/** Minus the approximate inverse Hessian from the pairs, times the gradient. */
const directionOf = (gradient: Float64Array, pairs: ReadonlyArray<Pair>): Float64Array => {
  const q = gradient.slice()
  const alphas = new Float64Array(pairs.length)
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { inverse, s, y } = pairs[i]!
    alphas[i] = inverse * Vector.dot(s, q)
    Vector.axpy(-alphas[i]!, y, q)
  }
  const last = pairs.at(-1)
  if (last !== undefined) Vector.scale(1 / (last.inverse * Vector.dot(last.y, last.y)), q)
  else Vector.scale(1 / Math.max(1, Vector.norm(gradient)), q)
  pairs.forEach(({ inverse, s, y }, i) => {
    Vector.axpy(alphas[i]! - inverse * Vector.dot(y, q), s, q)
  })
  Vector.scale(-1, q)
  return q
}

/** Weak Wolfe conditions: the required decrease and the allowed remaining slope, as shares of the initial slope. */
const sufficientDecrease = 1e-4
const slopeLeft = 0.9

/** Minimises `f`, which writes its gradient at x, from `start`, which is not modified. */
export const minimise = (f: Smooth, start: Float64Array, options: Options): Minimum => {
  const { gradientTolerance, maxIterations, memory = 20 } = options
  let point = start.slice()
  let gradient = new Float64Array(start.length)
  let value = f(point, gradient)
  let pairs: Array<Pair> = []
  let iterations = 0
  const result = (status: Minimum["status"]): Minimum => ({
    point,
    value,
    gradientNorm: Vector.norm(gradient),
    iterations,
    status,
  })
  for (; iterations < maxIterations; iterations++) {
    if (Vector.norm(gradient) <= gradientTolerance) return result("converged")
    let direction = directionOf(gradient, pairs)
    let slope = Vector.dot(direction, gradient)
    if (!(slope < 0)) {
      pairs = []
      direction = directionOf(gradient, pairs)
      slope = Vector.dot(direction, gradient)
    }
    let [low, high, step] = [0, Number.POSITIVE_INFINITY, 1]
    let next = point
    const nextGradient = new Float64Array(point.length)
    let nextValue = Number.POSITIVE_INFINITY
    let found = false
    for (let tries = 0; tries < 50 && !found; tries++) {
      next = point.slice()
      Vector.axpy(step, direction, next)
      nextValue = f(next, nextGradient)
      if (!(nextValue <= value + sufficientDecrease * step * slope)) high = step
      else if (Vector.dot(direction, nextGradient) < slopeLeft * slope) low = step
      else found = true
      if (!found) step = high < Number.POSITIVE_INFINITY ? (low + high) / 2 : 2 * step
    }
    if (!(nextValue < value)) {
      if (pairs.length === 0) return result("stalled")
      pairs = []
      continue
    }
    const s = next.slice()
    Vector.axpy(-1, point, s)
    const y = nextGradient.slice()
    Vector.axpy(-1, gradient, y)
    const product = Vector.dot(s, y)
    if (product > 0) pairs = [...pairs.slice(-(memory - 1)), { s, y, inverse: 1 / product }]
    point = next
    gradient = nextGradient
    value = nextValue
  }
  return result("budget")
}
