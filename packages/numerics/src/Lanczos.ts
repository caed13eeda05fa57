/**
 * Extreme eigenpairs of a large symmetric operator by Lanczos with full reorthogonalisation and thick restart.
 *
 * Source: Wu and Simon, "Thick-restart Lanczos method for large symmetric eigenvalue problems" (2000). Added here: after a
 * breakdown the iteration continues in a fresh random direction, until such a direction changes none of the requested pairs.
 * The returned residuals are computed from A v, not estimated.
 *
 * The Krylov space of one start vector contains one copy of a multiple eigenvalue. Rounding and breakdowns add the others,
 * so pairs that converge early can lack copies: [50, 40] for a spectrum 50, 50, 40, .... `Lobpcg`, which starts from a
 * block, finds them.
 */
import { invalid } from "./InvalidInput.ts"
import * as Kernels from "./Kernels.ts"
import * as KrylovBasis from "./internal/KrylovBasis.ts"
import { fromSymmetric, type Operator } from "./Operator.ts"
import * as RandomStream from "./RandomStream.ts"
import * as Require from "./Require.ts"
import type { Seed } from "./Seed.ts"
import * as SymmetricEigen from "./SymmetricEigen.ts"
import * as Vector from "./Vector.ts"

/** Wanted eigenpairs, and the effort. */
export interface Options {
  readonly dimension: number
  /** Number of eigenpairs (at each end, for bothEnds). */
  readonly count: number
  /** Draws the start and the directions after a breakdown. */
  readonly seed: Seed
  /** Stops when every |A v - theta v| is at most this times the largest Ritz value in magnitude; default 1e-10. */
  readonly tolerance?: number
  /** Maximum products with the operator, including those that verify the residuals; default 100 + 20 times the dimension. */
  readonly maxProducts?: number
  /** Dimension of the search space; default 2 count + 20, at most the dimension. */
  readonly subspace?: number
  /**
   * Steps between two computations of the Ritz values, in addition to the one before each restart; default 10, because one takes as
   * long as several steps with a cheap operator.
   */
  readonly lookEvery?: number
  /** Start vector, such as an earlier eigenvector; default random. */
  readonly start?: Float64Array
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}

/** Eigenpairs with a certificate. */
export interface Eigenpairs {
  readonly values: Float64Array
  /** Orthonormal; vector j is `vectors.subarray(j * dimension, (j + 1) * dimension)`. */
  readonly vectors: Float64Array
  /** |A v_j - theta_j v_j|, computed: an eigenvalue lies within residuals[j] of values[j]. */
  readonly residuals: Float64Array
  readonly products: number
  /**
   * "budget": the iteration ended at `maxProducts`, or the search space is full and the products are too inexact for the tolerance.
   * The pairs are the best found, with their residuals.
   */
  readonly status: "converged" | "budget"
}

/**
 * Largest `count` eigenvalues, descending, with their vectors. Throws InvalidInput on bad counts and on products that are
 * not finite, and ArenaFull without memory for the search space.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Lanczos from "@nonconvex/numerics/Lanczos"
 * import * as Seed from "@nonconvex/numerics/Seed"
 *
 * const n = 1000
 * const multiply = (v: Float64Array, out: Float64Array) => {
 *   for (let i = 0; i < n; i++) out[i] = v[i]! / (1 + i)
 * }
 * const top = Lanczos.topEigenpairs(multiply, { dimension: n, count: 2, seed: Seed.root(1) })
 * top.values // ≈ [1.000000, 0.500000]
 * top.status // => "converged"
 * ```
 */
export const topEigenpairs = (operator: Operator, options: Options): Eigenpairs =>
  solve(operator, check("Lanczos.topEigenpairs", options, 0, options.count))

/** The smallest `count` eigenvalues, ascending, with their vectors. Throws as topEigenpairs. */
export const bottomEigenpairs = (operator: Operator, options: Options): Eigenpairs =>
  solve(operator, check("Lanczos.bottomEigenpairs", options, options.count, 0))

/**
 * The smallest `count`, ascending, followed by the largest `count`, descending: 2 count pairs. Throws as topEigenpairs.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Seed } from "@nonconvex/numerics"
 * import * as Lanczos from "@nonconvex/numerics/Lanczos"
 * import * as Operator from "@nonconvex/numerics/Operator"
 *
 * const operator = Operator.fromSymmetric(Float64Array.of(2, 1, 1, 2), 2)
 * Lanczos.bothEnds(operator, { dimension: 2, count: 1, seed: Seed.root(1) }).values // ≈ [1.000, 3.000]
 * ```
 */
export const bothEnds = (operator: Operator, options: Options): Eigenpairs =>
  solve(operator, check("Lanczos.bothEnds", options, options.count, options.count))

/**
 * Multiple of the usual search space up to which a compiled decomposition is faster than the iteration for several pairs.
 * Measured for 40 to 300 dimensions and 4 to 30 pairs. It takes a half to a seventh of the time for random matrices, and 0.3
 * to 0.95 for Gram matrices with a gap behind the pairs. A single pair is left to the iteration, which may take a third of
 * the time.
 */
const denseWithin = 4

/**
 * Largest `count` eigenvalues, descending, of a dense symmetric row-major matrix, whose lower triangle is read. From a few
 * hundred dimensions on it is faster than a full decomposition. For smaller dimensions compiled kernels use the
 * decomposition. The matrix is copied into the arena of the kernels. Throws as topEigenpairs, and InvalidInput on a wrong
 * length.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Seed } from "@nonconvex/numerics"
 * import * as Lanczos from "@nonconvex/numerics/Lanczos"
 *
 * Lanczos.topOfSymmetric(Float64Array.of(2, 1, 1, 2), { dimension: 2, count: 1, seed: Seed.root(1) }).values // ≈ [3.000]
 * ```
 */
export const topOfSymmetric = (a: Float64Array, options: Options): Eigenpairs => {
  const { dimension: n } = options
  Require.count("Lanczos.topOfSymmetric", "dimension", n, 0)
  Require.length("Lanczos.topOfSymmetric", "a", a.length, n * n)
  const settings = check("Lanczos.topOfSymmetric", options, 0, options.count)
  if (settings.top > 1 && n <= denseWithin * usual(settings.top)) {
    const pairs = dense(a, settings)
    if (pairs !== undefined) return pairs
  }
  const bytes = 8 * n * n + KrylovBasis.bytes(n, settings.size)
  const own = Kernels.withRoom(settings.kernels, bytes)
  return own.arena.scoped((space) => {
    const copy = space.f64(n * n)
    copy.set(a)
    const operator = fromSymmetric(copy, n, own)
    return solve(operator, settings, own)
  })
}

/** Top pairs by a full decomposition, with residuals; undefined without compiled kernels, and on values that are not finite. */
const dense = (
  a: Float64Array,
  { kernels, n, tolerance, top }: Settings,
): Eigenpairs | undefined => {
  const pairs = kernels.symmetricEigen?.(n, n - top, n, a)
  if (pairs === undefined) return undefined
  const values = pairs.values.toReversed()
  const vectors = new Float64Array(top * n)
  const product = new Float64Array(n)
  // no entry is above the largest |eigenvalue|, which the top need not have
  let scale = 0
  for (let i = 0; i < n; i++)
    scale = Math.max(scale, Vector.maxAbs(a.subarray(i * n, i * n + i + 1)))
  const residuals = values.map((value, j) => {
    const v = vectors.subarray(j * n, (j + 1) * n)
    v.set(SymmetricEigen.vector(pairs, top - 1 - j))
    scale = Math.max(scale, Math.abs(value))
    kernels.symmetricProduct(n, a, v, product)
    Vector.axpy(-value, v, product)
    return Vector.norm(product)
  })
  const converged = residuals.every((residual) => residual <= tolerance * scale)
  return { values, vectors, residuals, products: top, status: converged ? "converged" : "budget" }
}

const usual = (wanted: number): number => 2 * wanted + 20

const subspaceOf = (options: Options, wanted: number): number =>
  Math.min(options.dimension, options.subspace ?? usual(wanted))

/**
 * Default of `lookEvery`. After a restart the pairs are known to converge slowly, so kernels without a contract on bits only look
 * before the restart.
 */
const usualLook = 10

/**
 * Relative to the largest |A v|: size of the remainder of a product in an invariant space, after the rounding of about
 * twenty steps.
 */
const rounding = 2 ** -33

/** Steps in a new direction after an invariant space was found, before pairs of that space count. */
const trial = 8

/** Checks the request. Throws InvalidInput. */
const check = (operation: string, options: Options, bottom: number, top: number): Settings => {
  const { dimension: n, count, lookEvery = usualLook, seed, tolerance = 1e-10 } = options
  const wanted = bottom + top
  Require.count(operation, "dimension", n, 0)
  Require.count(operation, "count", count, 0)
  if (wanted > n) invalid(operation, "more eigenpairs than dimensions", { wanted, dimension: n })
  if (!(tolerance >= 0)) invalid(operation, "tolerance must be at least 0", { tolerance })
  const maxProducts = options.maxProducts ?? 100 + 20 * n
  Require.count(operation, "maxProducts", maxProducts, 2 * wanted)
  Require.count(operation, "lookEvery", lookEvery)
  const size = subspaceOf(options, wanted)
  Require.count(operation, "subspace", size, Math.min(n, wanted + 2))
  const start = options.start ?? new Float64Array(n)
  if (start.length !== n) {
    invalid(operation, "the start vector must have the dimension of the operator", {
      start: start.length,
      dimension: n,
    })
  }
  const { kernels = Kernels.standard() } = options
  return {
    operation,
    n,
    size,
    bottom,
    top,
    tolerance,
    maxProducts,
    lookEvery,
    start,
    seed,
    kernels,
  }
}

const solve = (
  operator: Operator,
  settings: Settings,
  forBasis: Kernels.Kernels = settings.kernels,
): Eigenpairs => {
  const { bottom, n, seed, size, start, top } = settings
  if (bottom + top === 0) return empty
  return KrylovBasis.using(forBasis, n, size, (basis) => {
    basis.begin(start, RandomStream.make(seed))
    return iterate(operator, basis, settings)
  })
}

interface Settings {
  readonly operation: string
  readonly n: number
  readonly size: number
  readonly bottom: number
  readonly top: number
  readonly tolerance: number
  readonly maxProducts: number
  readonly lookEvery: number
  readonly start: Float64Array
  readonly seed: Seed
  readonly kernels: Kernels.Kernels
}

const iterate = (
  operator: Operator,
  basis: KrylovBasis.KrylovBasis,
  { bottom, kernels, lookEvery, maxProducts, n, operation, size, tolerance, top }: Settings,
): Eigenpairs => {
  const wanted = bottom + top
  let products = 0
  // Steps since the space was invariant, of which the start needs none, and what was selected then.
  let steps = Infinity
  let before: ReadonlyArray<number> = []
  let looksOften = true
  for (;;) {
    const beta = basis.extend(operator)
    products++
    if (!(beta < Infinity)) {
      invalid(operation, "the operator must return finite numbers", { norm: beta })
    }
    const j = basis.length
    const exhausted = products + wanted >= maxProducts
    const isDue = j === size || exhausted || (looksOften && j % lookEvery === 0)
    const isInvariant = j < n && beta <= rounding * basis.largest
    steps = isInvariant ? 0 : steps + 1
    if (j < wanted || !(isDue || isInvariant)) continue

    const { values, vectors } = SymmetricEigen.eigen(basis.projection(), j, kernels)
    const scale = Math.max(Math.abs(values[0]!), Math.abs(values[j - 1]!))
    const selection = select(j, bottom, top)
    if (isInvariant) {
      const selected = selection.map((i) => values[i]!)
      // A random direction leads to a copy of every eigenvalue of which one is left: nothing is, where it changed nothing.
      if (selected.every((value, i) => Math.abs(value - before[i]!) <= tolerance * scale)) {
        steps = Infinity
      }
      before = selected
    }
    if (!isDue) continue
    const isSettled = j === n || steps >= trial
    const isBounded = (i: number) => beta * Math.abs(vectors[i * j + j - 1]!) <= tolerance * scale
    if (j === n || exhausted || (isSettled && selection.every(isBounded))) {
      const pairs = verify(operator, basis, values, vectors, selection, n)
      products += wanted
      const converged =
        isSettled && pairs.residuals.every((residual) => residual <= tolerance * scale)
      if (converged || j === n || products + wanted >= maxProducts) {
        return { ...pairs, products, status: converged ? "converged" : "budget" }
      }
    }
    if (j === size) {
      basis.restart(values, vectors, keep(size, bottom, top))
      looksOften = kernels.isReproducible
    }
  }
}

const empty: Eigenpairs = {
  values: new Float64Array(0),
  vectors: new Float64Array(0),
  residuals: new Float64Array(0),
  products: 0,
  status: "converged",
}

/** Indices into ascending Ritz values: the `bottom` smallest, then the `top` largest from the largest on. */
const select = (j: number, bottom: number, top: number): ReadonlyArray<number> => [
  ...Array.from({ length: bottom }, (_, i) => i),
  ...Array.from({ length: top }, (_, i) => j - 1 - i),
]

/** Size of the space kept at a restart: the requested pairs and half of the rest, from the same ends. */
const keep = (size: number, bottom: number, top: number): ReadonlyArray<number> => {
  const wanted = bottom + top
  const spare = Math.floor((size - wanted) / 2)
  const low = bottom + Math.floor((spare * bottom) / wanted)
  const high = top + Math.floor((spare * top) / wanted)
  return select(size, low, Math.min(high, size - low))
}

const verify = (
  operator: Operator,
  basis: KrylovBasis.KrylovBasis,
  values: Float64Array,
  small: Float64Array,
  selection: ReadonlyArray<number>,
  n: number,
) => {
  const vectors = basis.combine(small, selection)
  const product = new Float64Array(n)
  const theta = Float64Array.from(selection, (i) => values[i]!)
  const residuals = theta.map((value, k) => {
    const v = vectors.subarray(k * n, (k + 1) * n)
    Vector.normalise(v)
    operator(v, product)
    Vector.axpy(-value, v, product)
    return Vector.norm(product)
  })
  return { values: theta, vectors, residuals }
}
