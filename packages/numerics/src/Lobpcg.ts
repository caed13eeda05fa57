/**
 * Extreme eigenpairs of a symmetric operator from a block of start vectors. Use it for warm starts, when the operator changes
 * little between calls, and with preconditioners.
 *
 * Source: Knyazev, "Toward the optimal preconditioned eigensolver" (2001). The orthonormal search space and the implicit
 * directions of Hetmaniuk and Lehoucq (2006) keep it stable at any tolerance.
 */
import { combinations } from "./internal/Combinations.ts"
import { invalid } from "./InvalidInput.ts"
import * as Kernels from "./Kernels.ts"
import type { Eigenpairs, Options as Search } from "./Lanczos.ts"
import type { Operator } from "./Operator.ts"
import { orthonormalise, views } from "./internal/Orthonormalise.ts"
import * as RandomStream from "./RandomStream.ts"
import * as Require from "./Require.ts"
import * as SymmetricEigen from "./SymmetricEigen.ts"
import * as Vector from "./Vector.ts"

/** Wanted eigenpairs, and the effort. */
interface Options extends Omit<Search, "start" | "subspace"> {
  /** Up to `count` start vectors, concatenated like the `vectors` of an earlier result; the rest is random. */
  readonly start?: Float64Array
  /** Tolerance of the residuals, as in `Lanczos`; default 1e-8. */
  readonly tolerance?: number
  /** Writes an approximation of (A - theta)^-1 v into `out`, theta near the wanted eigenvalues. */
  readonly preconditioner?: Operator
}

/**
 * The smallest `count` eigenvalues, ascending, with orthonormal vectors and computed residuals. Throws InvalidInput on bad counts
 * and lengths and on products that are not finite.
 */
export const bottomEigenpairs = (operator: Operator, options: Options): Eigenpairs =>
  solve("Lobpcg.bottomEigenpairs", operator, options, false)

/** The largest `count` eigenvalues, descending. Throws as bottomEigenpairs. */
export const topEigenpairs = (operator: Operator, options: Options): Eigenpairs =>
  solve("Lobpcg.topEigenpairs", operator, options, true)

/** Vectors with their images under the operator. */
interface Block {
  readonly vectors: ReadonlyArray<Float64Array>
  readonly images: ReadonlyArray<Float64Array>
}

const nothing: Block = { vectors: [], images: [] }

const solve = (
  operation: string,
  operator: Operator,
  options: Options,
  top: boolean,
): Eigenpairs => {
  const { dimension: n, count, tolerance = 1e-8, preconditioner } = options
  const { kernels = Kernels.standard() } = options
  Require.count(operation, "dimension", n, 0)
  Require.count(operation, "count", count, 0)
  if (count > n) invalid(operation, "more eigenpairs than dimensions", { count, dimension: n })
  if (!(tolerance >= 0)) invalid(operation, "tolerance must be at least 0", { tolerance })
  const maxProducts = options.maxProducts ?? 100 + 20 * n
  Require.count(operation, "maxProducts", maxProducts, 2 * count)
  let products = 0
  const multiply = (vectors: ReadonlyArray<Float64Array>): Block => {
    const images = vectors.map((v) => {
      const image = new Float64Array(n)
      operator(v, image)
      products++
      if (!Vector.isFinite(image)) {
        invalid(operation, "the operator must return finite numbers", { product: products })
      }
      return image
    })
    return { vectors, images }
  }

  let x = multiply(startVectors(operation, options))
  let ritz = rayleighRitz(x, count, top, kernels)
  x = combine(x, ritz.vectors, n, kernels)
  let directions = nothing
  let largest = 0
  // Images are products at first and combinations later, on which a certificate must not rest.
  let exact = true
  for (;;) {
    const residuals = x.vectors.map((v, j) => {
      const r = x.images[j]!.slice()
      Vector.axpy(-ritz.values[j]!, v, r)
      return r
    })
    const norms = Float64Array.from(residuals, Vector.norm)
    largest = Math.max(largest, Vector.maxAbs(ritz.values))
    const active = residuals.filter((_, j) => norms[j]! > tolerance * largest)
    // The products of this iteration, and those that make the result exact.
    const exhausted = products + active.length + count > maxProducts
    const search = exhausted ? [] : active.map((r) => preconditioned(r, preconditioner))
    const known: Block = {
      vectors: [...x.vectors, ...directions.vectors],
      images: [...x.images, ...directions.images],
    }
    const fresh = search.slice(0, orthonormalise(search, known.vectors))
    if (fresh.length === 0 && directions.vectors.length === 0 && exact) {
      const status = active.length === 0 ? "converged" : "budget"
      return {
        values: ritz.values,
        vectors: joined(x.vectors, n),
        residuals: norms,
        products,
        status,
      }
    }
    if (fresh.length === 0) {
      // Done, or nowhere to go, as far as combinations can tell: look again with products.
      x = multiply(x.vectors)
      ritz = rayleighRitz(x, count, top, kernels)
      x = combine(x, ritz.vectors, n, kernels)
      directions = nothing
      exact = true
      continue
    }
    const added = multiply(fresh)
    const basis: Block = {
      vectors: [...known.vectors, ...added.vectors],
      images: [...known.images, ...added.images],
    }
    ritz = rayleighRitz(basis, count, top, kernels)
    x = combine(basis, ritz.vectors, n, kernels)
    directions = combine(basis, implicitDirections(ritz.vectors, count), n, kernels)
    exact = false
  }
}

/** The given start vectors and random ones, orthonormalised. */
const startVectors = (operation: string, options: Options): Array<Float64Array> => {
  const { dimension: n, count, seed, start = new Float64Array(0) } = options
  const given = n === 0 ? 0 : start.length / n
  if (given > count) invalid(operation, "more start vectors than eigenpairs", { given, count })
  Require.array(operation, "start", start, Math.floor(given) * n)
  const stream = RandomStream.make(seed)
  const block = new Float64Array(count * n)
  block.set(start)
  const vectors = views(block, n, count)
  let rank = orthonormalise(vectors)
  while (rank < count) {
    for (const v of vectors.slice(rank)) stream.fillNormal(v)
    rank = orthonormalise(vectors)
  }
  return vectors
}

const preconditioned = (r: Float64Array, preconditioner: Operator | undefined): Float64Array => {
  if (preconditioner === undefined) return r
  const out = new Float64Array(r.length)
  preconditioner(r, out)
  return out
}

/** The best `count` Ritz values on an orthonormal basis, the extreme one first, and coordinates of their vectors. */
const rayleighRitz = (
  { vectors, images }: Block,
  count: number,
  top: boolean,
  kernels: Kernels.Kernels,
) => {
  const size = vectors.length
  const projected = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) projected[i * size + j] = Vector.dot(vectors[i]!, images[j]!)
  }
  const all = SymmetricEigen.eigen(projected, size, kernels)
  const chosen = Array.from({ length: count }, (_, j) => (top ? size - 1 - j : j))
  return {
    values: Float64Array.from(chosen, (j) => all.values[j]!),
    vectors: chosen.map((j) => SymmetricEigen.vector(all, j)),
  }
}

/**
 * Coordinates of the directions: the parts of the new vectors outside the old ones (the first `count` coordinates), made
 * orthonormal to the new vectors.
 */
const implicitDirections = (coordinates: ReadonlyArray<Float64Array>, count: number) => {
  const parts = coordinates.map((c) => c.slice().fill(0, 0, count))
  return parts.slice(0, orthonormalise(parts, coordinates))
}

const combine = (
  { vectors, images }: Block,
  coordinates: ReadonlyArray<Float64Array>,
  n: number,
  kernels: Kernels.Kernels,
): Block => ({
  vectors: combinations(vectors, coordinates, n, kernels),
  images: combinations(images, coordinates, n, kernels),
})

const joined = (vectors: ReadonlyArray<Float64Array>, n: number): Float64Array => {
  const out = new Float64Array(vectors.length * n)
  vectors.forEach((v, j) => out.set(v, j * n))
  return out
}
