/** Functions of one variable with a piecewise linear derivative: Huber's, and the one on which AGD amplifies exponentially. */
import * as Require from "@nonconvex/numerics/Require"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import type { Problem } from "../../problem/Problem.ts"

/** A 1-smooth convex function by its derivative: constant `left` up to the first knot, then slopes between knots. */
interface PiecewiseLinear {
  /** Ascending. */
  readonly knots: Float64Array
  /** Derivative at the knots; after the last knot it continues with slope `last`. */
  readonly slopes: Float64Array
  readonly last: number
}

export const derivative = ({ knots, last, slopes }: PiecewiseLinear, x: number): number => {
  const end = knots.length - 1
  if (x <= knots[0]!) return slopes[0]!
  if (x >= knots[end]!) return slopes[end]! + last * (x - knots[end]!)
  let [low, high] = [0, end]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (knots[middle]! <= x) low = middle
    else high = middle
  }
  const fraction = (x - knots[low]!) / (knots[high]! - knots[low]!)
  return slopes[low]! + fraction * (slopes[high]! - slopes[low]!)
}

/** `f(x) - f(to)`, by the trapezoids of the derivative, which are exact. */
export const above = (f: PiecewiseLinear, x: number, to: number): number => {
  const [low, high] = x < to ? [x, to] : [to, x]
  const inside = f.knots.filter((knot) => knot > low && knot < high)
  const ends = [low, ...inside, high]
  const area = ends
    .slice(1)
    .reduce(
      (sum, end, k) =>
        sum + ((end - ends[k]!) * (derivative(f, ends[k]!) + derivative(f, end))) / 2,
      0,
    )
  return x < to ? -area : area
}

/** The function as a problem on the whole line. */
export const onTheLine = (f: PiecewiseLinear): Problem => ({
  name: "piecewise linear derivative",
  dimensions: [1, 0],
  feasible: FeasibleSet.wholeSpace,
  smoothness: 1,
  error: 0,
  operator: (x, out) => {
    out[0] = derivative(f, x[0]!)
  },
})

/** Huber's function of a width: quadratic within it, linear outside. */
export const huber = (width: number) => {
  Require.positive("huber", "width", width)
  const ends = Float64Array.of(-width, width)
  return {
    problem: { ...onTheLine({ knots: ends, slopes: ends, last: 0 }), name: "Huber function" },
    value: (x: number) =>
      Math.abs(x) <= width ? (x * x) / 2 : width * Math.abs(x) - (width * width) / 2,
  }
}

/** Slope 1 in every fifth step: the best amplification by a period that a search found. */
const isSteep = (t: number): boolean => t % 5 === 4

/** Difference between two runs against an adversary, and the reach of its function. */
interface Adversarial {
  /** Maximum number of steps, even if the runs are still close; default 2000. */
  readonly limit?: number
  /**
   * `start`, the default: the second run starts at `delta`. `answer`: both start at 0, and their gradients there have errors
   * `delta` and `-delta`.
   */
  readonly differ?: "start" | "answer"
  /** Point up to which the derivative keeps its final value; beyond it, the derivative rises to 0. */
  readonly stretch?: number
}

/**
 * A 1-smooth convex function on which the accelerated method amplifies differences. Runs from 0 and from `delta` diverge by
 * a factor of about 1.3 in each step, until they are 0.2 apart. Derived here; Attia and Koren 2021 observed that quadratics
 * cannot show this.
 *
 * The two query points of each step lie to the right of all earlier ones. The derivative, -1 at first, gets slope 1 between
 * them in steep steps and slope 0 otherwise. It then rises at slope 1 and crosses 0. Throws InvalidInput unless `0 < delta <
 * 0.1`.
 */
export const adversary = (delta: number, options: Adversarial = {}) => {
  const { differ = "start", limit = 2000, stretch = 0 } = options
  Require.positive("adversary", "delta", delta)
  Require.positive("adversary", "0.1 - delta", 0.1 - delta)
  Require.count("adversary", "limit", limit)
  const knots = [0]
  const slopes = [-1]
  const x = [0, differ === "start" ? delta : 0]
  const y = [...x]
  const errors = differ === "start" ? [0, 0] : [delta, -delta]
  let steps = 0
  let level = -1
  while (steps < limit) {
    const [low, high] = [Math.min(y[0]!, y[1]!), Math.max(y[0]!, y[1]!)]
    if (high - low > 0.2 || level > -0.2) break
    const end = knots[knots.length - 1]!
    if (low > end) {
      knots.push(low)
      slopes.push(level)
    }
    // the point on the left sees the level before the rise, the one on the right after it
    const rise = isSteep(steps) ? high - low : 0
    if (high > low) {
      knots.push(high)
      slopes.push(level + rise)
    }
    for (const k of [0, 1]) {
      const at = y[k]!
      const gradient = at === low ? level : level + rise
      const next = at - gradient - (steps === 0 ? errors[k]! : 0)
      y[k] = next + (steps / (steps + 3)) * (next - x[k]!)
      x[k] = next
    }
    level += rise
    steps++
  }
  if (stretch > knots[knots.length - 1]!) {
    knots.push(stretch)
    slopes.push(level)
  }
  const end = knots[knots.length - 1]!
  return {
    f: { knots: Float64Array.from(knots), slopes: Float64Array.from(slopes), last: 1 },
    steps,
    minimiser: end - level,
  }
}
