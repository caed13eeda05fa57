/** Quadratics and least squares on a ball around the origin, with exact gaps and bounds on their rounding. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import * as Products from "@nonconvex/problems/Products"
import { minimumOnBall } from "@nonconvex/problems/BallQuadratic"
import type { Problem } from "./Problem.ts"

/** Problem whose objective can be evaluated in float64. */
export interface ValuedProblem extends Problem {
  /** H and b of `x^T H x / 2 - b^T x`. */
  readonly hessian: Float64Array
  readonly linear: Float64Array
  readonly value: (x: Float64Array) => number
  /** The value above the minimum on the ball. */
  readonly gap: (x: Float64Array) => number
}

interface Options {
  readonly radius: number
  /** Product H x; default float64. */
  readonly products?: Products.Products
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}

const requireSymmetric = (h: Float64Array, n: number): void => {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [lower, upper] = [h[i * n + j]!, h[j * n + i]!]
      if (lower !== upper) {
        const place = { row: i + 1, column: j + 1 }
        invalid("quadraticOnBall", "the matrix must be symmetric", { ...place, lower, upper })
      }
    }
  }
}

/**
 * `x^T H x / 2 - b^T x + constant` over `|x| <= radius`: `hessian` is H, n x n and row-major, `linear` is b; default
 * constant 0. Each step takes one product. Its exact minimum, the bound on its rounding and the treatment of H are derived
 * here.
 *
 * A negative eigenvalue caused by rounding counts as an error of the oracle for the nearest convex quadratic. Throws
 * InvalidInput if H is not square, not exactly symmetric or not positive semidefinite. Also throws it on a radius that is not
 * positive and on non-finite numbers.
 *
 * @example
 * ```ts import.meta.vitest
 * import { quadraticOnBall, solve } from "@nonconvex/reproducible-minimax"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const hessian = Float64Array.of(2, 1, 1, 2)
 * const problem = quadraticOnBall({ hessian, linear: Float64Array.of(3, 0), radius: 3 })
 * problem.value(Float64Array.of(2, -1)) // => -3
 * const tolerances = { gap: 0.01, deviation: 1e-7, failure: 0.01, seed: Seed.root(1) }
 * const { gap } = solve(problem, new Float64Array(2), tolerances)
 * gap <= 0.01 // => true
 * ```
 */
export const quadraticOnBall = (
  options: Options & {
    readonly hessian: Float64Array
    readonly linear: Float64Array
    readonly constant?: number
    readonly name?: string
  },
): ValuedProblem => {
  const { constant = 0, hessian, linear, products = Products.float64, radius } = options
  const { kernels = Kernels.standard() } = options
  Require.typed("quadraticOnBall", "linear", linear)
  const n = linear.length
  Require.vector("quadraticOnBall", "hessian", hessian, n * n)
  Require.vector("quadraticOnBall", "linear", linear, n)
  Require.positive("quadraticOnBall", "radius", radius)
  requireSymmetric(hessian, n)
  const eigenvalues = SymmetricEigen.eigenvalues(hessian, n, kernels)
  const smoothness = Math.abs(eigenvalues[n - 1]!)
  const smallest = eigenvalues[0]!
  const unit = n * Number.EPSILON * smoothness
  if (smallest < -64 * unit) {
    invalid("quadraticOnBall", "the matrix must be positive semidefinite", {
      "smallest eigenvalue": smallest,
    })
  }
  const multiply = products.prepareOne(hessian, n, n, kernels)
  const exact = Products.float64.prepareOne(hessian, n, n, kernels)
  const scratch = new Float64Array(n)
  const least = minimumOnBall(hessian, n, radius, kernels)
  const away = linear.map((b) => -b)
  const value = (x: Float64Array): number => {
    exact(x, scratch)
    return 0.5 * Vector.dot(x, scratch) - Vector.dot(linear, x) + constant
  }
  // acceleration looks ahead of its feasible points, by twice the radius at most
  const farthest = 3 * radius
  const largest = Vector.norm(hessian) * farthest
  // to H + concavity I, the nearest convex quadratic: strong monotonicity is its, and what it differs in an error
  const concavity = Math.max(0, -smallest)
  return {
    name: options.name ?? "quadratic",
    hessian,
    linear,
    dimensions: [n, 0],
    feasible: FeasibleSet.product([FeasibleSet.ball(radius), n]),
    smoothness,
    error:
      products.error(n + 1) * largest +
      2 ** -52 * (largest + Vector.norm(linear)) +
      concavity * farthest,
    operator: (x, out) => {
      multiply(x, out)
      for (let i = 0; i < n; i++) out[i] = out[i]! - linear[i]!
    },
    value,
    gap: (x) => value(x) - constant - least(away),
  }
}

/**
 * Least squares, `mean_i (a_i . x - b_i)^2 / 2` over `|x| <= radius`: `features` are the rows a_i of `dimension` numbers,
 * one after the other, `targets` the b_i. Uses the normal equations: `A^T A / n` and `A^T b / n` are computed once, in
 * float64 on every machine. Throws InvalidInput on ragged data, on numbers that are not finite, and as quadraticOnBall.
 */
export const leastSquaresOnBall = (
  options: Options & {
    readonly features: Float64Array
    readonly dimension: number
    readonly targets: Float64Array
  },
): ValuedProblem => {
  const { dimension: d, features, targets } = options
  const size = targets.length
  Require.vector("leastSquaresOnBall", "features", features, size * d)
  Require.vector("leastSquaresOnBall", "targets", targets, size)
  const hessian = new Float64Array(d * d)
  const linear = new Float64Array(d)
  let constant = 0
  for (let k = 0; k < size; k++) {
    const b = targets[k]!
    constant += (b * b) / (2 * size)
    for (let i = 0; i < d; i++) {
      const a = features[k * d + i]! / size
      linear[i] = linear[i]! + a * b
      for (let j = 0; j <= i; j++) hessian[i * d + j]! += a * features[k * d + j]!
    }
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) hessian[j * d + i] = hessian[i * d + j]!
  return quadraticOnBall({ ...options, name: "least squares", hessian, linear, constant })
}
