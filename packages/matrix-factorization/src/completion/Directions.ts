/** The leading singular directions of the residuals, a sparse matrix. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Observations } from "./Table.ts"

type Weights = readonly [rows: Float64Array, columns: Float64Array]

/** Products of `W^(-1/2) R Z^(-1/2)` and of its transpose, for the residuals R in the order of the rows. */
const products = (
  { byRow }: Observations,
  residuals: Float64Array,
  weights: Weights,
  kernels: Kernels.Kernels,
) => {
  const table = { ...byRow, values: residuals, confidence: undefined }
  const [left, right] = weights.map((side) => side.map((weight) => 1 / Math.sqrt(weight)))
  const times = (
    isBack: boolean,
    from: Float64Array,
    to: Float64Array,
    vectors: ReadonlyArray<Float64Array>,
    outs: ReadonlyArray<Float64Array>,
  ): void => {
    const count = vectors.length
    const block = new Float64Array(from.length * count)
    vectors.forEach((v, k) => {
      for (let i = 0; i < from.length; i++) block[i * count + k] = from[i]! * v[i]!
    })
    const product = new Float64Array(to.length * count)
    kernels.sparseProduct(isBack, count, table, block, product)
    outs.forEach((out, k) => {
      for (let i = 0; i < to.length; i++) out[i] = to[i]! * product[i * count + k]!
    })
  }
  return {
    left: left!,
    right: right!,
    /** outs (rows each) = the matrix times vectors (columns each). */
    forward: (vectors: ReadonlyArray<Float64Array>, outs: ReadonlyArray<Float64Array>): void =>
      times(false, right!, left!, vectors, outs),
    /** outs (columns each) = its transpose times vectors (rows each). */
    backward: (vectors: ReadonlyArray<Float64Array>, outs: ReadonlyArray<Float64Array>): void =>
      times(true, left!, right!, vectors, outs),
  }
}

/** Orthonormalises vectors in place, twice because of rounding; dependent vectors become zero. */
const orthonormalise = (vectors: ReadonlyArray<Float64Array>): void => {
  vectors.forEach((v, k) => {
    const size = Vector.norm(v)
    for (let pass = 0; pass < 2; pass++) {
      for (const other of vectors.slice(0, k)) Vector.axpy(-Vector.dot(other, v), other, v)
    }
    const left = Vector.norm(v)
    Vector.scale(left > 1e-12 * size ? 1 / left : 0, v)
  })
}

/** A singular value with its vectors divided by the roots of the weights, to be added to the factors. */
export interface Direction {
  readonly value: number
  readonly left: Float64Array
  readonly right: Float64Array
}

/** Vectors beyond the requested ones, and rounds: the directions need not be exact, because sweeps rotate them. */
const [spare, rounds] = [3, 4]

/** At most `count` leading directions, by subspace iteration. */
export const leading = (
  observations: Observations,
  residuals: Float64Array,
  weights: Weights,
  count: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): ReadonlyArray<Direction> => {
  const { columns, rows } = observations
  const width = Math.min(count + spare, rows, columns)
  const { backward, forward, left, right } = products(observations, residuals, weights, kernels)
  const stream = RandomStream.make(seed)
  const vs = Array.from({ length: width }, () => new Float64Array(columns))
  const us = vs.map(() => new Float64Array(rows))
  for (const v of vs) kernels.fillNormal(stream, v)
  for (let round = 0; round < rounds; round++) {
    forward(vs, us)
    orthonormalise(us)
    backward(us, vs)
    if (round < rounds - 1) orthonormalise(vs)
  }
  // the matrix is near U V' for orthonormal U: singular vectors from the Gram matrix of V
  const gram = Float64Array.from({ length: width * width }, (_, at) =>
    Vector.dot(vs[Math.floor(at / width)]!, vs[at % width]!),
  )
  const pairs = SymmetricEigen.eigen(gram, width, kernels)
  const mixed = (vectors: ReadonlyArray<Float64Array>, k: number, roots: Float64Array) => {
    const out = new Float64Array(roots.length)
    SymmetricEigen.vector(pairs, k).forEach((part, a) => Vector.axpy(part, vectors[a]!, out))
    return out.map((x, i) => x * roots[i]!)
  }
  return Array.from({ length: Math.min(count, width) }, (_, k) => width - 1 - k).flatMap((k) => {
    const value = Math.sqrt(Math.max(0, pairs.values[k]!))
    if (value === 0) return []
    const scaled = mixed(vs, k, right)
    Vector.scale(1 / value, scaled)
    return [{ value, left: mixed(us, k, left), right: scaled }]
  })
}

/** The largest singular value of the weighted residuals, from above by its residual. */
export const operatorNorm = (
  observations: Observations,
  residuals: Float64Array,
  weights: Weights,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): number => {
  const { columns, rows } = observations
  const { backward, forward } = products(observations, residuals, weights, kernels)
  const wide = rows < columns
  const between = new Float64Array(Math.max(rows, columns))
  const [first, second] = wide ? [backward, forward] : [forward, backward]
  const { residuals: off, values } = Lanczos.topEigenpairs(
    (v, out) => {
      first([v], [between])
      second([between], [out])
    },
    { dimension: Math.min(rows, columns), count: 1, seed, tolerance: 1e-8, kernels },
  )
  return Math.sqrt(Math.max(0, values[0]! + off[0]!))
}
