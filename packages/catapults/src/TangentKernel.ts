/**
 * The top of the spectrum of the tangent kernel, and what follows from it.
 *
 * Source: the algorithms are those of `Lanczos` and `SymmetricEigen` of numerics; the critical rate of a batch and the
 * decomposition of the loss are the paper's (as recalled), their factors derived here.
 */
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Operator from "@nonconvex/numerics/Operator"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Tracking from "@nonconvex/numerics/Tracking"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { type Floats, kernelOperator, type Model } from "./Model.ts"
import type { OutputLoss } from "./OutputLoss.ts"
import * as Theory from "./Theory.ts"
import { ZeroKernel } from "./Failures.ts"

/** Eigenvalues, descending, with orthonormal vectors one after the other, and `|K v - lambda v|` of each. */
export interface TopPairs {
  readonly values: Float64Array
  readonly vectors: Float64Array
  readonly residuals: Float64Array
  readonly status: "converged" | "budget"
}

/** `dense` forms K and decomposes all of it, `lanczos` forms K, `matrix-free` never does. */
export type Route = "dense" | "lanczos" | "matrix-free"

/** Up to this size the whole decomposition is as fast as a few pairs. */
const small = 64

const fromDense = (kernel: Float64Array, n: number, count: number): TopPairs => {
  const { values, vectors } = SymmetricEigen.eigenRange(kernel, n, n - count, n)
  const order = Array.from({ length: count }, (_, j) => count - 1 - j)
  const sorted = new Float64Array(count * n)
  order.forEach((from, j) => sorted.set(vectors.subarray(from * n, (from + 1) * n), j * n))
  const top = Float64Array.from(order, (from) => values[from]!)
  const residuals = top.map((value, j) => {
    const v = sorted.subarray(j * n, (j + 1) * n)
    const image = new Float64Array(n)
    for (let a = 0; a < n; a++) {
      image[a] = Vector.dot(kernel.subarray(a * n, (a + 1) * n), v) - value * v[a]!
    }
    return Vector.norm(image)
  })
  return { values: top, vectors: sorted, residuals, status: "converged" }
}

interface PairOptions {
  readonly count?: number
  readonly seed?: Seed.Seed
  /** The vectors of an earlier look; the first starts the search. */
  readonly start?: Float64Array
  readonly tolerance?: number
}

const settings = (
  dimension: number,
  { count = 1, seed, start, tolerance = 1e-8 }: PairOptions,
) => ({
  dimension,
  count,
  seed: seed ?? Seed.root("catapults/tangent-kernel"),
  tolerance,
  ...(start === undefined ? {} : { start: start.subarray(0, dimension) }),
})

/** The top pairs of a kernel that is there, n x n. Throws InvalidInput on a kernel that is not finite, or smaller than `count`. */
export const topOfKernel = (
  kernel: Float64Array,
  n: number,
  options: PairOptions & { readonly route?: "dense" | "lanczos" } = {},
): TopPairs => {
  const { count = 1, route = n <= small ? "dense" : "lanczos" } = options
  Require.length("topOfKernel", "kernel", kernel.length, n * n)
  Require.count("topOfKernel", "count", count)
  if (count > n) invalid("topOfKernel", "more eigenpairs than samples", { count, samples: n })
  return route === "dense"
    ? fromDense(kernel, n, count)
    : Lanczos.topOfSymmetric(kernel, settings(n, options))
}

/** The top pairs of any operator: the kernel of a model that is not of this package, say. Throws as `Lanczos.topEigenpairs`. */
export const topOfOperator = (
  operator: Operator.Operator,
  n: number,
  options: PairOptions = {},
): TopPairs => Lanczos.topEigenpairs(operator, settings(n, options))

/** The top pairs of the tangent kernel of a model at the parameters of its last `predict` of `n` samples. Throws as topOfKernel. */
export const topPairs = (
  model: Model,
  n: number,
  options: PairOptions & { readonly route?: Route } = {},
): TopPairs => {
  const { route, ...rest } = options
  if (route === "matrix-free") return topOfOperator(kernelOperator(model), n, rest)
  const kernel = new Float64Array(n * n)
  model.tangentKernel(kernel)
  return topOfKernel(kernel, n, route === undefined ? rest : { ...rest, route })
}

/** The largest eigenvalue alone. Throws as topOfKernel. */
export const topEigenvalue = (kernel: Float64Array, n: number): number =>
  topOfKernel(kernel, n).values[0]!

/**
 * The pairs of now in the order of those of before: during a catapult eigenvalues cross, and the first of now may have been the
 * second. Throws InvalidInput on different lengths.
 */
export const follow = (before: TopPairs, now: TopPairs, samples: number): Tracking.Tracked =>
  Tracking.follow(before.vectors, now.values, now.vectors, samples)

/** What the curvature of a point depends on: of the samples `indices`, all where absent. */
interface Point {
  readonly loss: OutputLoss
  readonly predictions: Floats
  readonly tangentKernel: (out: Float64Array) => void
  readonly indices?: Uint32Array | undefined
}

/** Room for the kernel and the curvatures of the loss, of points of one size. */
export interface Room {
  readonly kernel: Float64Array
  readonly curvature: Float64Array
}

/** Room for `samples`. */
export const roomFor = (samples: number): Room => ({
  kernel: new Float64Array(samples * samples),
  curvature: new Float64Array(samples),
})

/**
 * The top eigenvalue of the Gauss-Newton matrix at a point, that of `D^(1/2) K D^(1/2)` with the curvatures D of the loss; infinite
 * where they left the numbers.
 */
export const topCurvature = (
  { indices, loss, predictions, tangentKernel }: Point,
  { curvature, kernel }: Room,
): number => {
  const n = predictions.length
  tangentKernel(kernel)
  loss.curvature(predictions, curvature, indices)
  const isUniform = curvature.every((c) => c === curvature[0])
  if (!isUniform) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) kernel[i * n + j]! *= Math.sqrt(curvature[i]! * curvature[j]!)
    }
  }
  return Vector.isFinite(kernel)
    ? topEigenvalue(kernel, n) * (isUniform ? curvature[0]! : 1)
    : Number.POSITIVE_INFINITY
}

/**
 * The largest learning rate that is stable at a point, `2 (1 + beta)` over the top curvature; `b / lambda(K_B)` for a mean of
 * squares. Throws ZeroKernel, and InvalidInput where the kernel left the numbers.
 */
export const criticalRateAt = (point: Point, momentum = 0): number => {
  const samples = point.predictions.length
  const top = topCurvature(point, roomFor(samples))
  if (top === Number.POSITIVE_INFINITY) {
    invalid("criticalRateAt", "the tangent kernel must be finite", { samples })
  }
  if (!(top > 0)) throw new ZeroKernel({ samples })
  return Theory.criticalRateOfCurvature(top, momentum)
}

/**
 * The same of a model at any parameters. It passes through the weights; where a descent has been, its own `criticalRate` may be
 * far cheaper. Throws ZeroKernel.
 */
export const criticalRate = (
  model: Model,
  loss: OutputLoss,
  parameters: Float64Array,
  options: { readonly indices?: Uint32Array; readonly momentum?: number } = {},
): number => {
  const { indices, momentum } = options
  const predictions = new Float64Array(indices?.length ?? model.size)
  model.predict(parameters, predictions, indices)
  const { tangentKernel } = model
  return criticalRateAt({ loss, predictions, tangentKernel, indices }, momentum)
}

/** A squared loss, split by the eigenvectors of the kernel. */
export interface Decomposition {
  /** Share of the loss along the first j + 1 eigenvectors. */
  readonly shares: Float64Array
  /** `c |r - P r|^2`, computed as such: a difference of losses would lose it where the spike is high. */
  readonly rest: number
}

/** `c <r, p_j>^2` summed over the given pairs, with the loss that they leave. Throws InvalidInput on wrong lengths. */
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
    within += component ** 2
    return total === 0 ? 0 : within / total
  })
  return { shares, rest: factor * Vector.dot(left, left) }
}
