/**
 * Recursive feature machines: kernel regression that learns its metric from its own AGOP. A reference for feature
 * learning without a network, a learning rate or a catapult.
 *
 * Source: Radhakrishnan et al., as their repository implements it (as recalled). It has a Laplace kernel with bandwidth L in the
 * metric M, `exp(-sqrt((x - z)' M (x - z)) / L)`, and a ridge. M is the mean outer product of the gradients, updated five times.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { agopSum } from "./Agop.ts"

export interface FeatureMachine {
  /** The metric that the last fit used, row-major. */
  readonly metric: Float64Array
  /** The AGOP of the last fit, which is the metric of the next one. */
  readonly agop: Float64Array
  readonly predict: (features: Float64Array) => Float64Array
}

interface Options {
  /** One row per sample, of `inputs` numbers. */
  readonly features: Float64Array
  readonly inputs: number
  readonly targets: Float64Array
  /** Number of fits, each in the metric of the previous one; default 5. */
  readonly rounds?: number
  /** Default 1e-3. */
  readonly ridge?: number
  /** L; default 10. */
  readonly bandwidth?: number
  /** Default `Kernels.standard()`. */
  readonly kernels?: Kernels.Kernels
}

/** Distances below this count as 0: the kernel has no gradient there. */
const coincident = 1e-10

/** `X M`, and `x' M x` of each row. */
const inMetric = (x: Float64Array, metric: Float64Array, d: number, kernels: Kernels.Kernels) => {
  const n = x.length / d
  const image = new Float64Array(x.length)
  kernels.gemm(false, false, n, d, d, 1, x, metric, 0, image)
  const squares = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) squares[i]! += image[i * d + j]! * x[i * d + j]!
  }
  return { image, squares }
}

/**
 * Kernel regression on `features` (one row per sample), refitted in the metric that the previous fit learned. Throws
 * InvalidInput on inconsistent data, and if the ridge is too small for a positive definite kernel.
 *
 * @example
 * ```ts import.meta.vitest
 * import { recursiveFeatureMachine } from "@nonconvex/catapults"
 *
 * const features = Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1) // the target is the first of two inputs
 * const { agop } = recursiveFeatureMachine({ features, inputs: 2, targets: Float64Array.of(0, 0, 1, 1), rounds: 2 })
 * agop[3]! < agop[0]! / 100 // => true
 * ```
 */
export const recursiveFeatureMachine = (options: Options): FeatureMachine => {
  const { bandwidth = 10, features: x, inputs: d, ridge = 1e-3, rounds = 5, targets } = options
  const { kernels = Kernels.standard() } = options
  const operation = "recursiveFeatureMachine"
  Require.typed(operation, "targets", targets)
  const n = targets.length
  Require.count(operation, "inputs", d)
  Require.count(operation, "rounds", rounds)
  Require.positive(operation, "bandwidth", bandwidth)
  Require.positive(operation, "ridge", ridge)
  Require.count(operation, "targets.length", n)
  Require.array(operation, "features", x, n * d)
  Require.allFinite(operation, "features", x)
  Require.allFinite(operation, "targets", targets)

  /** Distances between the rows of z and the rows of x. */
  const distances = (z: Float64Array, metric: Float64Array, own: ReturnType<typeof inMetric>) => {
    const count = z.length / d
    const other = z === x ? own : inMetric(z, metric, d, kernels)
    const out = new Float64Array(count * n)
    kernels.gemm(false, true, count, n, d, -2, z, own.image, 0, out)
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < n; j++) {
        const squared = out[i * n + j]! + other.squares[i]! + own.squares[j]!
        out[i * n + j] = Math.sqrt(Math.max(0, squared))
      }
    }
    return out
  }

  const fit = (metric: Float64Array) => {
    const own = inMetric(x, metric, d, kernels)
    const distance = distances(x, metric, own)
    const kernel = distance.map((value) => Elementary.exp(-value / bandwidth))
    const factor = kernel.slice()
    for (let i = 0; i < n; i++) factor[i * n + i]! += ridge
    const failed = kernels.cholesky(n, factor)
    if (failed >= 0) {
      invalid(operation, "the ridge must make the kernel positive definite", { ridge, row: failed })
    }
    const weights = targets.slice()
    kernels.solveTriangular(true, false, n, 1, factor, weights)
    kernels.solveTriangular(true, true, n, 1, factor, weights)
    return { own, distance, kernel, weights }
  }

  /** `-(1/L) sum_j alpha_j K_ij / D_ij M (x_i - x_j)`, of every sample. */
  const gradients = ({ distance, kernel, own, weights }: ReturnType<typeof fit>) => {
    const pull = kernel.map((value, at) => {
      const apart = distance[at]!
      return apart < coincident ? 0 : (-weights[at % n]! * value) / (apart * bandwidth)
    })
    const out = new Float64Array(n * d)
    kernels.gemm(false, false, n, d, n, -1, pull, own.image, 0, out)
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += pull[i * n + j]!
      for (let j = 0; j < d; j++) out[i * d + j]! += sum * own.image[i * d + j]!
    }
    return out
  }

  let metric: Float64Array = new Float64Array(d * d)
  for (let j = 0; j < d; j++) metric[j * d + j] = 1
  for (let round = 0; ; round++) {
    const fitted = fit(metric)
    const sum = agopSum(d, kernels)
    sum.add(gradients(fitted))
    const agop = sum.value()
    if (round === rounds - 1) {
      const used = metric
      return {
        metric: used,
        agop,
        predict: (features) => {
          const count = Math.floor(features.length / d)
          Require.array(operation, "features", features, count * d)
          const distance = distances(features, used, fitted.own)
          const values = distance.map((value) => Elementary.exp(-value / bandwidth))
          const out = new Float64Array(count)
          kernels.gemv(false, count, n, 1, values, fitted.weights, 0, out)
          return out
        },
      }
    }
    metric = agop
  }
}
