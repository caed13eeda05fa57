/**
 * Relaxed kernels compiled for the machine, with AVX-512, AVX2 or NEON vectors. They cover matrix products, convolutions, rows on
 * a grid, Cholesky factors, triangular systems and symmetric eigendecompositions. Other kernels are the embedded relaxed ones.
 * The last bits depend on the machine.
 *
 * @example
 * ```ts import.meta.vitest
 * import { CompiledKernels } from "@nonconvex/native"
 * import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
 * import { Effect } from "effect"
 *
 * // compiled where there are such, else embedded
 * const kernels = Effect.orElseSucceed(CompiledKernels.make(), RelaxedKernels.relaxed)
 * const { gemm } = await Effect.runPromise(kernels)
 * const [a, c] = [Float64Array.of(1, 2, 3, 4), new Float64Array(4)]
 * gemm(false, true, 2, 2, 2, 1, a, a, 0, c) // C = A A^T
 * Array.from(c) // => [5, 11, 11, 25]
 * ```
 *
 * Ordinary arrays and arrays of the arena are used in place; nothing is copied unless an output overlaps an input.
 */
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import { Current, type Kernels } from "@nonconvex/numerics/Kernels"
import { relaxed } from "@nonconvex/numerics/RelaxedKernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Addon, load } from "./internal/Addon.ts"

/** Compiled kernels, and the vector instructions that they were compiled for. */
export interface CompiledKernels extends Kernels {
  readonly version: Addon["version"]
  readonly vectors: Addon["vectors"]
}

/** Sizes below which a call of the embedded kernels is faster than one into the module. */
const [smallVector, smallMatrix, smallProduct, smallStep, smallFactor] = [
  512, 1024, 1024, 4096, 576,
]

/**
 * The module refuses invalid arguments (lengths, element types, detached arrays, overlapping outputs) without changing anything.
 * The embedded kernels then handle the call, and throw or compute.
 */
const products = (
  addon: Addon,
  base: Kernels,
  threads: number,
): Pick<Kernels, "gemm" | "gemv" | "gemvBoth" | "residualGradient"> => ({
  gemv: (transpose, m, n, alpha, a, x, beta, y) => {
    if (m * n >= smallMatrix && addon.gemv(transpose, m, n, alpha, a, x, beta, y, threads) !== null)
      return
    base.gemv(transpose, m, n, alpha, a, x, beta, y)
  },
  gemvBoth: (m, n, a, x, ax, u, atu) => {
    if (m * n >= smallMatrix && addon.gemvBoth(m, n, a, x, ax, u, atu, threads) !== null) return
    base.gemvBoth(m, n, a, x, ax, u, atu)
  },
  residualGradient: (n, a, rows, x, targets, alpha, residual, out) => {
    if (
      rows === undefined &&
      n * residual.length >= smallMatrix &&
      addon.residualGradient(n, a, x, targets, alpha, residual, out, threads) !== null
    )
      return
    base.residualGradient(n, a, rows, x, targets, alpha, residual, out)
  },
  gemm: (transposeA, transposeB, m, n, k, alpha, a, b, beta, c) => {
    if (
      m * n * k >= smallProduct &&
      addon.gemm(transposeA, transposeB, m, n, k, alpha, a, b, beta, c, threads) !== null
    )
      return
    base.gemm(transposeA, transposeB, m, n, k, alpha, a, b, beta, c)
  },
})

const vectors = (addon: Addon, base: Kernels): Pick<Kernels, "axpy" | "dot"> => ({
  dot: (x, y) => (x.length < smallVector ? base.dot(x, y) : (addon.dot(x, y) ?? base.dot(x, y))),
  axpy: (alpha, x, y) => {
    if (x.length < smallVector || addon.axpy(alpha, x, y) === null) base.axpy(alpha, x, y)
  },
})

const symmetric = (
  addon: Addon,
  base: Kernels,
  threads: number,
): Pick<
  Kernels,
  "ger" | "hermitianStep" | "product" | "symmetricProduct" | "symmetricStep" | "syrk"
> => ({
  syrk: (transpose, n, k, alpha, a, beta, c) => {
    if (
      n * n * k >= smallProduct &&
      addon.syrk(transpose, n, k, alpha, a, beta, c, threads) !== null
    )
      return
    base.syrk(transpose, n, k, alpha, a, beta, c)
  },
  ger: (m, n, alpha, x, y, a) => {
    if (m * n >= smallMatrix && addon.ger(m, n, alpha, x, y, a) !== null) return
    base.ger(m, n, alpha, x, y, a)
  },
  symmetricProduct: (n, a, x, y, c) => {
    if (n * n >= smallMatrix && addon.symmetricProduct(n, a, x, y, c, threads) !== null) return
    base.symmetricProduct(n, a, x, y, c)
  },
  symmetricStep: (n, k, a, work, u, v, w, p) => {
    if (k * k >= smallStep && addon.symmetricStep(n, k, a, work, u, v, w, p) !== null) return
    base.symmetricStep(n, k, a, work, u, v, w, p)
  },
  hermitianStep: (n, k, re, im, work, u, v, w, p) => {
    if (k * k >= smallStep && addon.hermitianStep(n, k, re, im, work, u, v, w, p) !== null) return
    base.hermitianStep(n, k, re, im, work, u, v, w, p)
  },
  product: (ta, tb, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc) => {
    if (
      m * n * k >= smallProduct &&
      addon.product(
        ta,
        tb,
        m,
        n,
        k,
        alpha,
        a,
        aAt,
        lda,
        b,
        bAt,
        ldb,
        beta,
        c,
        cAt,
        ldc,
        threads,
      ) !== null
    )
      return
    base.product(ta, tb, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc)
  },
})

const factors = (
  addon: Addon,
  base: Kernels,
  threads: number,
): Pick<Kernels, "cholesky" | "solveTriangular"> => ({
  cholesky: (n, a) =>
    (n * n < smallFactor ? null : addon.cholesky(n, a, threads)) ?? base.cholesky(n, a),
  solveTriangular: (lower, transpose, n, columns, t, b) => {
    if (
      n * n >= smallFactor &&
      addon.solveTriangular(lower, transpose, n, columns, t, b, threads) !== null
    )
      return
    base.solveTriangular(lower, transpose, n, columns, t, b)
  },
})

const grid = (addon: Addon, base: Kernels): Pick<Kernels, "areFinite" | "quantise"> => ({
  areFinite: (numbers) => {
    const found = numbers.length < smallVector ? null : addon.areFinite(numbers)
    return found === null ? Vector.isFinite(numbers) : found === 1
  },
  quantise: (rows, ball, centre, out) => {
    const { bound, largest, steps } = ball
    const clipped =
      rows.length < smallVector ? null : addon.quantise(bound, steps, largest, rows, centre, out)
    return clipped ?? base.quantise(rows, ball, centre, out)
  },
})

/** Placeholder for an absent array. */
const none = new Float32Array(0)

const images = (
  addon: Addon,
  base: Kernels,
  threads: number,
): Pick<
  Kernels,
  "channelSums" | "combineChannels" | "convolve" | "filterGradient" | "imageGradient"
> => ({
  convolve: (shape, given, filter, out) => {
    if (addon.convolve(shape, given, filter, out, threads) === null)
      base.convolve(shape, given, filter, out)
  },
  filterGradient: (shape, given, dy, out) => {
    if (addon.filterGradient(shape, given, dy, out, threads) === null)
      base.filterGradient(shape, given, dy, out)
  },
  imageGradient: (shape, dy, filter, out) => {
    if (addon.imageGradient(shape, dy, filter, out, threads) === null)
      base.imageGradient(shape, dy, filter, out)
  },
  channelSums: (x, y, gate, sums) => {
    if (addon.channelSums(x, y, gate ?? none, sums, threads) === null)
      base.channelSums(x, y, gate, sums)
  },
  combineChannels: (coefficients, x, y, gate, positive, out) => {
    const [other, open] = [y ?? none, gate ?? none]
    if (addon.combineChannels(coefficients, x, other, open, positive, out, threads) === null)
      base.combineChannels(coefficients, x, y, gate, positive, out)
  },
})

/** Falls back to the steps if the module refuses: their errors give the reason. */
const eigen = (addon: Addon, threads: number): Pick<Kernels, "symmetricEigen"> => ({
  symmetricEigen: (n, from, to, a) => {
    const pairs = {
      values: new Float64Array(to - from),
      vectors: new Float64Array((to - from) * n),
    }
    const done = addon.symmetricEigen(n, from, to, a, pairs.values, pairs.vectors, threads)
    return done === null ? undefined : pairs
  },
})

/** Compiled functions on top of embedded kernels, which compute the rest. */
const over = (addon: Addon, base: Kernels, threads: number): CompiledKernels => ({
  ...base,
  name: "compiled",
  worksInPlace: true,
  withCapacity: (capacity) => over(addon, base.withCapacity(capacity), threads),
  version: addon.version,
  vectors: addon.vectors,
  ...vectors(addon, base),
  ...products(addon, base, threads),
  ...symmetric(addon, base, threads),
  ...factors(addon, base, threads),
  ...eigen(addon, threads),
  ...grid(addon, base),
  ...images(addon, base, threads),
})

/** Limit on threads: more than today's machines have cores is a mistake. */
const mostThreads = 256

/**
 * Compiled kernels on top of the relaxed ones of this thread. Large products, factors and eigendecompositions use `threads`
 * threads, including this one; default 1. The bits do not depend on the number of threads. The threads start with the first
 * large product and sleep in between. The process has one pool: while it works for another thread, this one computes alone. A
 * program that already computes on a thread per core has none to spare.
 *
 * Fails with BackendUnavailable if there is no module for this machine. Throws InvalidInput unless `threads` is an integer from
 * 1 to 256.
 *
 * @example
 * ```ts import.meta.vitest
 * import { CompiledKernels } from "@nonconvex/native"
 * import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
 * import { Effect } from "effect"
 *
 * const kernels = Effect.orElseSucceed(CompiledKernels.make(2), RelaxedKernels.relaxed)
 * const { dot } = await Effect.runPromise(kernels)
 * dot(Float64Array.of(1, 2), Float64Array.of(3, 4)) // => 11
 * ```
 */
export const make = (threads = 1): Effect.Effect<CompiledKernels, BackendUnavailable> => {
  Require.count("CompiledKernels.make()", "threads", threads, 1, mostThreads)
  return Effect.map(load(), (addon) => over(addon, relaxed(), threads))
}

/** Layer of compiled kernels for a program; see `make`. */
export const layer = (threads = 1): Layer.Layer<Current, BackendUnavailable> =>
  Layer.effect(
    Current,
    Effect.suspend(() => make(threads)),
  )
