/** Largest eigenpairs of an operator with slow products, computed with progress reports and interruption. */
import type * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Operator from "@nonconvex/numerics/Operator"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as tf from "@tensorflow/tfjs"

/** Progress of long work. */
export interface Progress {
  /** Products with the operator so far. */
  readonly products: number
  readonly maxProducts: number
  /** Largest eigenvalue found so far; NaN before the first product. */
  readonly topEigenvalue: number
}

/** Observer of long work: its progress, and its cancellation. */
export interface Watching {
  /** Called before every product. */
  readonly onProgress?: (progress: Progress) => void
  /** Rejects with the reason of an aborted signal, between two products. */
  readonly signal?: AbortSignal
}

export interface Options
  extends Watching, Required<Omit<Lanczos.Options, "lookEvery" | "start" | "subspace">> {}

export interface Found extends Omit<Lanczos.Eigenpairs, "status" | "vectors"> {
  /** Unit vectors in the order of the values. */
  readonly vectors: ReadonlyArray<Float64Array>
}

/** A vector with its product. */
interface Pair {
  readonly vector: Float64Array
  readonly image: Float64Array
}

/** Relative size below which the rest of a direction is rounding error. */
const dependent = 1e-8

/**
 * Orthogonalises the vector against the others, twice, and normalises it; its image gets the same operations. False if nothing
 * is left.
 */
const orthonormalised = ({ image, vector }: Pair, others: ReadonlyArray<Pair>): boolean => {
  const before = Vector.norm(vector)
  for (let pass = 0; pass < 2; pass++) {
    for (const other of others) {
      const along = -Vector.dot(other.vector, vector)
      Vector.axpy(along, other.vector, vector)
      Vector.axpy(along, other.image, image)
    }
  }
  const after = Vector.norm(vector)
  if (!(after > dependent * before)) return false
  Vector.scale(1 / after, vector)
  Vector.scale(1 / after, image)
  return true
}

const combined = (pairs: ReadonlyArray<Pair>, weights: ArrayLike<number>, n: number): Pair => {
  const sum = { vector: new Float64Array(n), image: new Float64Array(n) }
  pairs.forEach(({ image, vector }, j) => {
    Vector.axpy(weights[j]!, vector, sum.vector)
    Vector.axpy(weights[j]!, image, sum.image)
  })
  return sum
}

/**
 * The largest `count` eigenpairs by LOBPCG without a preconditioner (Knyazev 2001): the best in the space of the pairs,
 * their residuals and their last steps. Memory for 12 `count` vectors. The event loop runs before every product. Rejects if
 * the signal is aborted.
 */
export const topEigenpairs = async (
  operator: Operator.Operator,
  { count, dimension: n, kernels, maxProducts, onProgress, seed, signal, tolerance }: Options,
): Promise<Found> => {
  let products = 0
  let values = new Float64Array([Number.NaN])
  const multiply = async (vector: Float64Array): Promise<Float64Array> => {
    await tf.nextFrame()
    signal?.throwIfAborted()
    onProgress?.({ products, maxProducts, topEigenvalue: values[0]! })
    signal?.throwIfAborted()
    const image = new Float64Array(n)
    operator(vector, image)
    products++
    return image
  }
  const residualOf = ({ image, vector }: Pair, value: number): Float64Array => {
    const out = image.slice()
    Vector.axpy(-value, vector, out)
    return out
  }
  const stream = RandomStream.make(seed)
  let found: Array<Pair> = []
  let moved: Array<Pair> = []
  let fresh: Array<Pair> = []
  for (let k = 0; k < count; k++) {
    const start = { vector: new Float64Array(n), image: new Float64Array(n) }
    stream.fillSphere(start.vector)
    if (!orthonormalised(start, fresh)) continue
    fresh.push({ vector: start.vector, image: await multiply(start.vector) })
  }
  for (;;) {
    const basis = [...found, ...moved, ...fresh]
    const m = basis.length
    const small = new Float64Array(m * m)
    basis.forEach(({ vector }, i) => {
      basis.forEach(({ image }, j) => {
        small[i * m + j]! += 0.5 * Vector.dot(vector, image)
        small[j * m + i]! += 0.5 * Vector.dot(vector, image)
      })
    })
    const eigen = SymmetricEigen.eigen(small, m, kernels)
    const kept = Math.min(count, m)
    values = Float64Array.from({ length: kept }, (_, k) => eigen.values[m - 1 - k]!)
    const weights = Array.from(values, (_, k) => SymmetricEigen.vector(eigen, m - 1 - k))
    const next = weights.map((own) => combined(basis, own, n))
    // what of the pairs is not of the pairs before
    const steps = weights.map((own) => own.map((w, j) => (j < found.length ? 0 : w)))
    moved = []
    for (const own of found.length === 0 ? [] : steps) {
      const step = combined(basis, own, n)
      if (orthonormalised(step, [...next, ...moved])) moved.push(step)
    }
    found = next
    const residuals = found.map((pair, k) => residualOf(pair, values[k]!))
    const open = residuals.filter((r) => Vector.norm(r) > tolerance * Math.abs(values[0]!))
    if (open.length === 0 || products + open.length + kept > maxProducts) break
    fresh = []
    for (const vector of open) {
      const direction = { vector, image: new Float64Array(n) }
      if (!orthonormalised(direction, [...found, ...moved, ...fresh])) continue
      fresh.push({ vector, image: await multiply(vector) })
    }
    if (fresh.length === 0) break
  }
  const certain: Array<{ value: number; vector: Float64Array; residual: number }> = []
  for (const { vector } of found) {
    Vector.normalise(vector)
    const image = await multiply(vector)
    const value = Vector.dot(vector, image)
    certain.push({ value, vector, residual: Vector.norm(residualOf({ vector, image }, value)) })
  }
  // noise in the products can have changed their order
  certain.sort((a, b) => b.value - a.value)
  return {
    values: Float64Array.from(certain, ({ value }) => value),
    vectors: certain.map(({ vector }) => vector),
    residuals: Float64Array.from(certain, ({ residual }) => residual),
    products,
  }
}
