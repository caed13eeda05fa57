/** Phi, the limit of the gradient flow, by the pair of Dormand and Prince (1980) of orders 5 and 4 with error control. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import { NoMinimumNearby, type Settled } from "./Settle.ts"

export interface LimitOptions {
  /** The flow ends when the gradient norm is at most this; default 1e-12. */
  readonly gradientTolerance?: number
  /** Error allowed in one step, per coordinate and relative to max(1, |x|); default 1e-11. */
  readonly stepTolerance?: number
  /** Number of gradients after which NoMinimumNearby is thrown; default 200,000. */
  readonly maxEvaluations?: number
}

export interface Limit extends Settled {
  /** Sum of the error estimates of all steps, in units of the parameters; it estimates the error of the limit. */
  readonly error: number
}

const stages: ReadonlyArray<Float64Array> = [
  Float64Array.of(1 / 5),
  Float64Array.of(3 / 40, 9 / 40),
  Float64Array.of(44 / 45, -56 / 15, 32 / 9),
  Float64Array.of(19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
  Float64Array.of(9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
  Float64Array.of(35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
]

/** Weights of order 5 minus weights of order 4. */
const errorWeights = Float64Array.of(
  71 / 57600,
  0,
  -71 / 16695,
  71 / 1920,
  -17253 / 339200,
  22 / 525,
  -1 / 40,
)

/** Largest error of a step relative to its length. */
const accuracy = 1e-3

/** `out = x - h sum_k a_k g_k`. */
const combine = (
  x: Float64Array,
  h: number,
  a: Float64Array,
  slopes: ReadonlyArray<Float64Array>,
  out: Float64Array,
): void => {
  for (let j = 0; j < x.length; j++) {
    let sum = 0
    for (let k = 0; k < a.length; k++) sum += a[k]! * slopes[k]![j]!
    out[j] = x[j]! - h * sum
  }
}

/**
 * The limit of `x' = -grad f(x)` from `start`.
 *
 * Throws NoMinimumNearby, with the smallest gradient norm reached, if the flow does not end within `maxEvaluations` gradients or
 * overflows. Throws InvalidInput on a bad start.
 */
export const limit = (
  objective: Objective,
  start: Float64Array,
  options: LimitOptions = {},
): Limit => {
  const { gradientTolerance = 1e-12, maxEvaluations = 200_000, stepTolerance = 1e-11 } = options
  Require.vector("LimitMap.limit", "start", start, objective.dimension)
  Require.positive("LimitMap.limit", "gradientTolerance", gradientTolerance)
  Require.positive("LimitMap.limit", "stepTolerance", stepTolerance)
  Require.count("LimitMap.limit", "maxEvaluations", maxEvaluations)
  const n = start.length
  let x = start.slice()
  let next = new Float64Array(n)
  const slopes = Array.from({ length: 7 }, () => new Float64Array(n))
  objective.valueAndGradient(x, slopes[0]!)
  let evaluations = 1
  let norm = Vector.norm(slopes[0]!)
  let smallest = norm
  let error = 0
  let h = norm > 0 ? Math.min(1, 1e-3 / norm) : 1
  while (!(norm <= gradientTolerance)) {
    if (evaluations >= maxEvaluations || !(norm < Number.POSITIVE_INFINITY) || h < 1e-300) {
      throw new NoMinimumNearby({
        operation: "LimitMap.limit",
        gradientNorm: smallest,
        tolerance: gradientTolerance,
        evaluations,
      })
    }
    for (let k = 0; k < 6; k++) {
      combine(x, h, stages[k]!, slopes, next)
      objective.valueAndGradient(next, slopes[k + 1]!)
    }
    evaluations += 6
    let worst = 0
    let square = 0
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let k = 0; k < 7; k++) sum += errorWeights[k]! * slopes[k]![j]!
      square += Elementary.square(h * sum)
      worst = Math.max(worst, Math.abs(h * sum) / (stepTolerance * Math.max(1, Math.abs(x[j]!))))
    }
    // a step longer than the stability limit has an error as large as itself: near the end the tolerance alone would allow it
    worst = Math.max(worst, Math.sqrt(square) / (accuracy * h * norm))
    const ok = worst <= 1
    if (ok) {
      ;[x, next] = [next, x]
      slopes.unshift(slopes.pop()!)
      error += Math.sqrt(square)
      norm = Vector.norm(slopes[0]!)
      smallest = Math.min(smallest, norm)
    }
    // NaN asks for a smaller step
    h *= worst >= 0 ? Math.min(5, Math.max(0.2, 0.9 * Elementary.pow(worst, -0.2))) : 0.2
  }
  return { point: x, gradientNorm: norm, evaluations, error }
}
