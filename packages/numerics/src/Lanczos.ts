/**
 * Extreme eigenpairs of a large symmetric operator by Lanczos with full reorthogonalisation and thick restart.
 *
 * Source: Wu and Simon, "Thick-restart Lanczos method for large symmetric eigenvalue problems" (2000). Ours: the projected
 * matrix keeps every coefficient of the orthogonalisation, a breakdown goes on with a fresh random direction (so multiple
 * eigenvalues are found), and the residuals returned are computed from A v, not estimated.
 */
import { invalid, requireCount } from "./InvalidInput.ts"
import type { Operator } from "./Operator.ts"
import * as RandomStream from "./RandomStream.ts"
import type { Seed } from "./Seed.ts"
import * as SymmetricEigen from "./SymmetricEigen.ts"
import * as Vector from "./Vector.ts"

export interface Options {
  readonly dimension: number
  /** How many eigenpairs (at each end, for bothEnds). */
  readonly count: number
  /** Draws the start and the directions after a breakdown. */
  readonly seed: Seed
  /** Stop when every |A v - theta v| is at most this times the largest Ritz value in magnitude; default 1e-10. */
  readonly tolerance?: number
  /** Products with the operator, those that verify the residuals included; default 100 + 20 times the dimension. */
  readonly maxProducts?: number
  /** Dimension of the search space; default 2 count + 20, at most the dimension. */
  readonly subspace?: number
  /** Start here and not at a random vector (an earlier eigenvector, say). */
  readonly start?: Float64Array
}

export interface Eigenpairs {
  readonly values: Float64Array
  /** Vector j is `vectors.subarray(j * dimension, (j + 1) * dimension)`. */
  readonly vectors: Float64Array
  /** |A v_j - theta_j v_j|, computed: an eigenvalue lies within residuals[j] of values[j]. */
  readonly residuals: Float64Array
  readonly products: number
  /** "budget": maxProducts ended the iteration; the pairs are the best found and the residuals say how good. */
  readonly status: "converged" | "budget"
}

/** The largest `count` eigenvalues, descending, with their vectors. Throws InvalidInput on bad counts or products that are not finite. */
export const topEigenpairs = (operator: Operator, options: Options): Eigenpairs =>
  solve("Lanczos.topEigenpairs", operator, options, 0, options.count)

/** The smallest `count` eigenvalues, ascending, with their vectors. Throws as topEigenpairs. */
export const bottomEigenpairs = (operator: Operator, options: Options): Eigenpairs =>
  solve("Lanczos.bottomEigenpairs", operator, options, options.count, 0)

/** The smallest `count`, ascending, followed by the largest `count`, descending: 2 count pairs. Throws as topEigenpairs. */
export const bothEnds = (operator: Operator, options: Options): Eigenpairs =>
  solve("Lanczos.bothEnds", operator, options, options.count, options.count)

const solve = (
  operation: string,
  operator: Operator,
  options: Options,
  bottom: number,
  top: number,
): Eigenpairs => {
  const { dimension: n, count, seed, tolerance = 1e-10 } = options
  const wanted = bottom + top
  requireCount(operation, "dimension", n)
  requireCount(operation, "count", count)
  if (wanted > n) invalid(operation, "more eigenpairs than dimensions", { wanted, dimension: n })
  if (!(tolerance >= 0)) invalid(operation, "tolerance must be at least 0", { tolerance })
  const maxProducts = options.maxProducts ?? 100 + 20 * n
  requireCount(operation, "maxProducts", maxProducts, 2 * wanted)
  const size = Math.min(n, options.subspace ?? 2 * wanted + 20)
  requireCount(operation, "subspace", size, Math.min(n, wanted + 2))
  if (options.start !== undefined && options.start.length !== n) {
    invalid(operation, "the start must have the length of the dimension", {
      start: options.start.length,
      dimension: n,
    })
  }
  if (wanted === 0) return empty

  const stream = RandomStream.make(seed)
  let basis = Array.from({ length: size + 1 }, () => new Float64Array(n))
  let spare = Array.from({ length: size + 1 }, () => new Float64Array(n))
  const projected = new Float64Array(size * size)
  const first = basis[0]!
  if (options.start === undefined) stream.fillNormal(first)
  else first.set(options.start)
  if (Vector.norm(first) === 0) stream.fillNormal(first)
  Vector.scale(1 / Vector.norm(first), first)

  let products = 0
  let j = 0
  let largest = 0
  const checkEvery = Math.max(4, wanted >> 1)
  for (;;) {
    const w = basis[j + 1]!
    operator(basis[j]!, w)
    products++
    const coefficients = projected.subarray(j * size, j * size + j + 1)
    coefficients.fill(0)
    const before = Vector.norm(w)
    if (!(before < Infinity))
      invalid(operation, "the operator must return finite numbers", { norm: before })
    let beta = orthogonalise(basis, j + 1, w, coefficients)
    j++
    largest = Math.max(largest, before)
    const exhausted = products + wanted >= maxProducts
    if (beta <= largest * 2 ** -50) {
      beta = 0
      if (j < n) freshDirection(basis, j, w, stream)
    }
    if (beta > 0) Vector.scale(1 / beta, w)
    if (j < wanted || !(j === size || exhausted || j % checkEvery === 0)) continue

    const { values, vectors } = ritz(projected, size, j)
    const scale = Math.max(Math.abs(values[0]!), Math.abs(values[j - 1]!))
    const selection = select(j, bottom, top)
    const bounded = (i: number) => beta * Math.abs(vectors[i * j + j - 1]!) <= tolerance * scale
    if (j === n || exhausted || selection.every(bounded)) {
      const pairs = verify(operator, basis, j, values, vectors, selection, n)
      products += wanted
      const converged = pairs.residuals.every((residual) => residual <= tolerance * scale)
      if (converged || products + wanted >= maxProducts) {
        return { ...pairs, products, status: converged ? "converged" : "budget" }
      }
    }
    if (j === size) {
      const kept = keep(j, bottom, top, size)
      combine(basis, j, vectors, kept, spare)
      spare[kept.length]!.set(basis[j]!)
      ;[basis, spare] = [spare, basis]
      projected.fill(0)
      kept.forEach((from, to) => (projected[to * size + to] = values[from]!))
      j = kept.length
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

/** Removes the first `count` directions from w (Gram-Schmidt, twice), adds what was removed to `coefficients`, returns |w|. */
const orthogonalise = (
  basis: ReadonlyArray<Float64Array>,
  count: number,
  w: Float64Array,
  coefficients: Float64Array,
): number => {
  for (let pass = 0; pass < 2; pass++) {
    for (let i = count - 1; i >= 0; i--) {
      const c = Vector.dot(basis[i]!, w)
      coefficients[i] = coefficients[i]! + c
      Vector.axpy(-c, basis[i]!, w)
    }
  }
  return Vector.norm(w)
}

/** A random unit vector orthogonal to the first `count` directions. */
const freshDirection = (
  basis: ReadonlyArray<Float64Array>,
  count: number,
  w: Float64Array,
  stream: RandomStream.RandomStream,
): void => {
  const unused = new Float64Array(count)
  let length = 0
  while (length < 1e-8) {
    stream.fillSphere(w)
    length = orthogonalise(basis, count, w, unused)
  }
  Vector.scale(1 / length, w)
  Vector.scale(1 / orthogonalise(basis, count, w, unused), w)
}

const ritz = (projected: Float64Array, size: number, j: number): SymmetricEigen.Eigen => {
  const small = new Float64Array(j * j)
  for (let r = 0; r < j; r++) small.set(projected.subarray(r * size, r * size + r + 1), r * j)
  return SymmetricEigen.eigen(small, j)
}

/** Indices into ascending Ritz values: the `bottom` smallest, then the `top` largest from the largest on. */
const select = (j: number, bottom: number, top: number): ReadonlyArray<number> => [
  ...Array.from({ length: bottom }, (_, i) => i),
  ...Array.from({ length: top }, (_, i) => j - 1 - i),
]

/** What survives a restart: the wanted pairs and half of the rest of the space, from the same ends. */
const keep = (j: number, bottom: number, top: number, size: number): ReadonlyArray<number> => {
  const spare = Math.floor((size - bottom - top) / 2)
  const low = bottom === 0 ? 0 : bottom + Math.floor((spare * bottom) / (bottom + top))
  const high = top === 0 ? 0 : top + Math.floor((spare * top) / (bottom + top))
  return select(j, low, high)
}

/** out[k] = sum over i of basis[i] times coordinate i of small eigenvector chosen[k]. */
const combine = (
  basis: ReadonlyArray<Float64Array>,
  j: number,
  vectors: Float64Array,
  chosen: ReadonlyArray<number>,
  out: ReadonlyArray<Float64Array>,
): void => {
  chosen.forEach((from, to) => {
    out[to]!.fill(0)
    for (let i = 0; i < j; i++) Vector.axpy(vectors[from * j + i]!, basis[i]!, out[to]!)
  })
}

const verify = (
  operator: Operator,
  basis: ReadonlyArray<Float64Array>,
  j: number,
  values: Float64Array,
  small: Float64Array,
  selection: ReadonlyArray<number>,
  n: number,
) => {
  const vectors = new Float64Array(selection.length * n)
  const views = selection.map((_, k) => vectors.subarray(k * n, (k + 1) * n))
  combine(basis, j, small, selection, views)
  const product = new Float64Array(n)
  const theta = Float64Array.from(selection, (i) => values[i]!)
  const residuals = Float64Array.from(views, (v, k) => {
    Vector.scale(1 / Vector.norm(v), v)
    operator(v, product)
    Vector.axpy(-theta[k]!, v, product)
    return Vector.norm(product)
  })
  return { values: theta, vectors, residuals }
}
