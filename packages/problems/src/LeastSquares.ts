import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Constants from "./Constants.ts"
import { gram } from "./internal/Gram.ts"
import { lazy } from "./internal/Lazy.ts"
import { type SmoothFiniteSum } from "./LinearModel.ts"
import * as Rows from "./internal/Rows.ts"

import * as Spectrum from "./internal/Spectrum.ts"
import { requireSamples, type Samples } from "./internal/Samples.ts"
import { linearModel } from "./internal/LinearModel.ts"

/** Least squares; `minimiser` is the solution of least norm, computed when it is first read. */
interface LeastSquares extends SmoothFiniteSum {
  readonly minimiser: Float64Array
}

interface Solution {
  readonly minimiser: Float64Array
  /** Constants, given a function for the loss at the minimiser. */
  readonly constantsGiven: (attained: () => number) => Constants.Constants
}

/** Least-norm solution and constants from the eigenvectors of the smaller Gram matrix. */
const solve = (samples: Samples, targets: Float64Array, kernels: Kernels.Kernels): Solution => {
  const { dimension, features } = samples
  const size = targets.length
  const { matrix, side, size: order } = gram(samples, kernels)
  const eigen = SymmetricEigen.eigen(matrix, order, kernels)
  const zero = Spectrum.noise(eigen.values)
  // A^T u for a vector u with one entry a sample
  const pullBack = (u: Float64Array): Float64Array => {
    const out = new Float64Array(dimension)
    for (let i = 0; i < size; i++) Rows.add(u[i]! / size, features, i * dimension, out)
    return out
  }
  const right = side === "features" ? pullBack(targets) : targets
  const coefficients = new Float64Array(order)
  let rank = 0
  for (let j = 0; j < order; j++) {
    const value = eigen.values[j]!
    if (value <= zero) continue
    rank++
    const vector = SymmetricEigen.vector(eigen, j)
    Vector.axpy(Vector.dot(vector, right) / value, vector, coefficients)
  }
  const spectrum = new Float64Array(dimension)
  spectrum.set(eigen.values)
  return {
    minimiser: side === "features" ? coefficients : pullBack(coefficients),
    constantsGiven: (attained) =>
      Spectrum.quadraticConstants(spectrum, {
        source: "of A^T A / n",
        zero,
        minimum:
          rank === size
            ? Constants.exact(0, "A has full row rank: every target is met")
            : Constants.exact(attained(), "attained at the least-norm solution, to rounding"),
      }),
  }
}

/**
 * Least squares, `mean_i (a_i . x - b_i)^2 / 2`, with features `a_i` and targets `b_i`; its Hessian is `A^T A / n`.
 *
 * If A is rank-deficient, the loss is not strongly convex but Polyak-Lojasiewicz with the smallest positive eigenvalue.
 * Constants and minimiser are computed on first access, by an eigendecomposition of the smaller Gram matrix; eigenvalues
 * below its rounding errors count as 0. Keeps references to both arrays. Throws InvalidInput on no samples, wrong lengths
 * and numbers that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { leastSquares } from "@nonconvex/problems/LeastSquares"
 *
 * const fit = leastSquares({
 *   features: Float64Array.of(1, 0, 1, 1, 1, 2), // three samples with an intercept
 *   dimension: 2,
 *   targets: Float64Array.of(1, 3, 5),
 * })
 * fit.minimiser // ≈ [1.0000000, 2.0000000]
 * ```
 */
export const leastSquares = (
  samples: Samples & {
    readonly targets: Float64Array
    /** Default the strict kernels of this thread. */
    readonly kernels?: Kernels.Kernels
  },
): LeastSquares => {
  const { targets } = samples
  Require.vector("leastSquares", "targets", targets, requireSamples("leastSquares", samples))
  const solution = lazy(() => solve(samples, targets, samples.kernels ?? Kernels.standard()))
  const model = linearModel(samples, {
    name: "least squares",
    ridge: 0,
    loss: {
      value: (z, i) => 0.5 * (z - targets[i]!) * (z - targets[i]!),
      slope: (z, i) => z - targets[i]!,
      curvature: () => 1,
    },
  })
  const constants = lazy(() => {
    const { minimiser, constantsGiven } = solution()
    return constantsGiven(() =>
      model.valueAndGradient(minimiser, new Float64Array(model.dimension)),
    )
  })
  return {
    ...model,
    get minimiser() {
      return solution().minimiser
    },
    get constants() {
      return constants()
    },
  }
}
