/**
 * XTrace: an exchangeable trace estimator that uses every product for the sketch and for the rest.
 *
 * Source: Epperly, Tropp and Webber, "XTrace: making the most of every sample in stochastic trace estimation" (2024).
 * Estimate i uses the range of all products except the i-th exactly, and probe i for the rest. The probes lie on a sphere
 * that is rescaled in the rest. Added here: the degenerate case in which omitting a product does not change the range (low
 * rank, or more probes than dimensions). It uses the pseudo-inverse of the triangular factor.
 */
import { invalid } from "./InvalidInput.ts"
import * as Kernels from "./Kernels.ts"
import type { Operator } from "./Operator.ts"
import * as Probes from "./internal/Probes.ts"
import type { Seed } from "./Seed.ts"
import * as Sketch from "./internal/Sketch.ts"
import * as Svd from "./Svd.ts"
import { Spread, type StoppedTraceEstimate, type TraceEstimate } from "./internal/TraceEstimate.ts"
import * as Vector from "./Vector.ts"

interface WithKernels {
  /** For the decomposition of a small matrix; default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}

/**
 * Estimate from `products` products, an even number of at least 4; it stores as many vectors.
 *
 * Unbiased; exact if half the products cover the dimension or the rank. The standard error is the spread of the single-probe
 * estimates, as in the paper. Throws InvalidInput on bad counts and on products that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Seed from "@nonconvex/numerics/Seed"
 * import * as Trace from "@nonconvex/numerics/Trace"
 *
 * const multiply = (v: Float64Array, out: Float64Array) => {
 *   for (let i = 0; i < v.length; i++) out[i] = v[i]! / (1 + i) ** 2
 * }
 * const { estimate, standardError } = Trace.xTrace(multiply, { dimension: 300, products: 60, seed: Seed.root(1) })
 * Math.abs(estimate - Trace.exact(multiply, 300)) < 4 * standardError // => true
 * ```
 */
export function xTrace(operator: Operator, options: Sketch.Options & WithKernels): TraceEstimate
/** XTrace with more and more products until the standard error is at most `errorBar`. */
export function xTrace(
  operator: Operator,
  options: Sketch.OptionsUntil & WithKernels,
): StoppedTraceEstimate
export function xTrace(
  operator: Operator,
  options: (Sketch.Options | Sketch.OptionsUntil) & WithKernels,
): TraceEstimate {
  const operation = "Trace.xTrace"
  const { dimension, seed, kernels = Kernels.standard() } = options
  const begin = () => estimator(operation, operator, dimension, seed, kernels)
  if (!("products" in options)) {
    return Sketch.repeated(operation, options, fewest, 2 * fewest, () => {
      const estimate = begin()
      return (products) => estimate(products - (products % 2))
    })
  }
  const { products } = options
  if (products % 2 === 1) invalid(operation, "products must be even", { products })
  return Sketch.once(operation, options, fewest, begin)
}

/** Two probes, so that their estimates have a spread, and the range of their products. */
const fewest = 4

/**
 * Threshold at which a direction is lost when its probe is omitted, because its row of the pseudo-inverse reproduces that
 * probe.
 */
const isLost = (diagonal: number): boolean => diagonal > 1 - 1e-8

const estimator = (
  operation: string,
  operator: Operator,
  n: number,
  seed: Seed,
  kernels: Kernels.Kernels,
): Sketch.Estimator => {
  const probe = Probes.cached(operator, n, seed, "sphere")
  let spentOnRanges = 0
  return (products) => {
    const k = products / 2
    const probes = Array.from({ length: k }, (_, i) => probe(i))
    const { basis: q, coefficients: r } = Sketch.range(operation, probes, n)
    const rank = q.length
    const images = q.map((v) => {
      const image = new Float64Array(n)
      operator(v, image)
      return image
    })
    spentOnRanges += rank
    const inner = Float64Array.from({ length: rank * rank }, (_, at) =>
      Vector.dot(q[Math.floor(at / rank)]!, images[at % rank]!),
    )
    let captured = 0
    for (let i = 0; i < rank; i++) captured += inner[i * rank + i]!
    const inverse = pseudoInverse(r, rank, k, kernels)

    const spread = new Spread()
    for (let i = 0; i < k; i++) {
      const s = lostDirection(r, inverse, rank, k, i)
      spread.add(leaveOneOut(probes[i]!, q, images, inner, rank, s, captured, n))
    }
    return {
      estimate: spread.mean,
      standardError: spread.standardError,
      probes: k,
      products: k + spentOnRanges,
    }
  }
}

/** The pseudo-inverse, k x rank row-major, of the rank x k matrix r. */
const pseudoInverse = (r: Float64Array, rank: number, k: number, kernels: Kernels.Kernels) => {
  const { values, left, right } = Svd.decompose(r, rank, k, kernels)
  const out = new Float64Array(k * rank)
  values.forEach((value, j) => {
    if (value <= values[0]! * 1e-14) return
    for (let a = 0; a < k; a++) {
      const weight = right[j * k + a]! / value
      for (let b = 0; b < rank; b++) {
        out[a * rank + b] = out[a * rank + b]! + weight * left[j * rank + b]!
      }
    }
  })
  return out
}

/** The unit direction, in coordinates of the range, that is lost without probe i; undefined if no direction is lost. */
const lostDirection = (
  r: Float64Array,
  inverse: Float64Array,
  rank: number,
  k: number,
  i: number,
): Float64Array | undefined => {
  const row = inverse.slice(i * rank, (i + 1) * rank)
  let diagonal = 0
  for (let b = 0; b < rank; b++) diagonal += row[b]! * r[b * k + i]!
  if (!isLost(diagonal) || Vector.normalise(row) === 0) return undefined
  return row
}

/** Trace on the range without s, plus the rest from one probe that is orthogonalised to that range and rescaled. */
const leaveOneOut = (
  { vector, product }: Probes.Probe,
  q: ReadonlyArray<Float64Array>,
  images: ReadonlyArray<Float64Array>,
  inner: Float64Array,
  rank: number,
  s: Float64Array | undefined,
  captured: number,
  n: number,
): number => {
  const x = Float64Array.from({ length: rank }, (_, a) => Vector.dot(q[a]!, vector))
  let exact = captured
  if (s !== undefined) {
    Vector.axpy(-Vector.dot(s, x), s, x)
    for (let a = 0; a < rank; a++) {
      for (let b = 0; b < rank; b++) exact -= s[a]! * inner[a * rank + b]! * s[b]!
    }
  }
  const rest = n - (s === undefined ? rank : rank - 1)
  if (rest === 0) return exact
  let form = Vector.dot(vector, product)
  let squares = Vector.dot(vector, vector)
  for (let a = 0; a < rank; a++) {
    let row = 0
    for (let b = 0; b < rank; b++) row += inner[a * rank + b]! * x[b]!
    form += x[a]! * (row - Vector.dot(images[a]!, vector) - Vector.dot(q[a]!, product))
    squares -= x[a]! * x[a]!
  }
  return squares <= 0 ? exact : exact + (rest / squares) * form
}
