/**
 * Top of the spectrum of the tangent kernel, and the quantities derived from it.
 *
 * Source: the algorithms are `Lanczos` and `SymmetricEigen` of numerics; the decomposition of the loss is the paper's
 * (as recalled). Eigenvalues cross during a catapult: the current first eigenvalue may have been the second.
 */
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { kernelOperator, type Model } from "./Model.ts"
import { lanczosSettings, type PairOptions, topOfKernel, type TopPairs } from "./TopPairs.ts"

export { criticalRate } from "./CriticalRateAt.ts"
export { topEigenvalue, topOfKernel, type TopPairs } from "./TopPairs.ts"

/**
 * The top eigenpairs of the tangent kernel of a model at the parameters of its last `predict` of `n` samples. The route
 * `dense` forms K and decomposes it, `lanczos` forms K, and `matrix-free` never does. Default: `dense` up to 64
 * samples, otherwise `lanczos`. Throws as topOfKernel.
 *
 * @example
 * ```ts import.meta.vitest
 * import { ntkArchitecture, ntkNetwork, TangentKernel } from "@nonconvex/catapults"
 *
 * const architecture = ntkArchitecture({ widths: [1] }) // f(x) = w x
 * const network = ntkNetwork({ architecture, features: Float64Array.of(1, 2) })
 * network.predict(Float64Array.of(3), new Float64Array(2))
 * // of [[1, 2], [2, 4]]
 * TangentKernel.topPairs(network, 2).values // ≈ [5.000]
 * ```
 */
export const topPairs = (
  model: Model,
  n: number,
  options: PairOptions & { readonly route?: "dense" | "lanczos" | "matrix-free" } = {},
): TopPairs => {
  const { route, ...pairs } = options
  Require.count("topPairs", "n", n)
  const kernels = pairs.kernels ?? model.kernels
  const rest = kernels === undefined ? pairs : { ...pairs, kernels }
  if (route === "matrix-free") {
    return Lanczos.topEigenpairs(kernelOperator(model), lanczosSettings(n, rest))
  }
  const kernel = new Float64Array(n * n)
  model.tangentKernel(kernel)
  return topOfKernel(kernel, n, route === undefined ? rest : { ...rest, route })
}

/** A squared loss, split by the eigenvectors of the kernel. */
interface Decomposition {
  /** Share of the loss along the first j + 1 eigenvectors. */
  readonly shares: Float64Array
  /** `c |r - P r|^2`, computed as such: a difference of losses would lose it where the spike is high. */
  readonly rest: number
}

/** Loss `c <r, p_j>^2` summed over the given pairs, and the remaining loss. Throws InvalidInput on wrong lengths. */
export const decompose = (
  { values, vectors }: Pick<TopPairs, "values" | "vectors">,
  residual: Float64Array,
  factor: number,
): Decomposition => {
  const n = residual.length
  Require.length("decompose", "vectors", vectors.length, n * values.length)
  const left = residual.slice()
  const total = Vector.dot(residual, residual)
  let within = 0
  const shares = Float64Array.from(values, (_, j) => {
    const p = vectors.subarray(j * n, (j + 1) * n)
    const component = Vector.dot(residual, p)
    Vector.axpy(-component, p, left)
    within += component * component
    return total === 0 ? 0 : within / total
  })
  return { shares, rest: factor * Vector.dot(left, left) }
}
