import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"

/** Writes into `out` what a `Shrinkage` writes; returns its singular values, descending, without the zeros. */
export type TruncatedShrinkage = (
  z: Float64Array,
  threshold: number,
  out: Float64Array,
) => Float64Array

/** Vectors beyond the rank: the more, the faster the block comes to span the right subspace. */
const spare = 8

/** Directions whose square is below this part of the largest are rounding. */
const negligible = 1e-14

/** `count` more random vectors, one after the other. */
const widened = (
  block: Float64Array,
  length: number,
  count: number,
  stream: RandomStream.RandomStream,
): Float64Array => {
  const wider = new Float64Array(block.length + count * length)
  wider.set(block)
  for (let k = block.length; k < wider.length; k++) wider[k] = stream.normal()
  return wider
}

/**
 * The proximal operator of the nuclear norm by one step of subspace iteration a call, from the vectors that the last call left: for
 * matrices that move little between calls and have few singular values past the threshold. It is not exact; how exact the caller's
 * answer is, its certificate says.
 */
export const truncatedShrinkage = (
  rows: number,
  columns: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): TruncatedShrinkage => {
  const stream = RandomStream.make(seed)
  const most = Math.min(rows, columns)
  let block: Float64Array = new Float64Array(0)

  /** The singular vectors of a (count x length) as rows, right ones in `rows` and left ones in `coefficients`, and the singular values, ascending. */
  const singularVectors = (a: Float64Array, count: number, length: number) => {
    const gram = new Float64Array(count * count)
    kernels.syrk(false, count, length, 1, a, 0, gram)
    const { values, vectors } = SymmetricEigen.eigen(gram, count, kernels)
    const first = values.findIndex((value) => value > negligible * values[count - 1]!)
    const kept = first < 0 ? 0 : count - first
    const sigma = values.slice(count - kept).map(Math.sqrt)
    const coefficients = vectors.slice((count - kept) * count)
    const rowsOf = new Float64Array(kept * length)
    const scaled = coefficients.map((value, at) => value / sigma[Math.floor(at / count)]!)
    kernels.gemm(false, false, kept, length, count, 1, scaled, a, 0, rowsOf)
    return { kept, rows: rowsOf, sigma, coefficients }
  }

  return (z, threshold, out) => {
    for (;;) {
      const width = block.length / columns
      const image = new Float64Array(width * rows)
      kernels.gemm(false, true, width, rows, columns, 1, block, z, 0, image)
      const left = singularVectors(image, width, rows)
      const back = new Float64Array(left.kept * columns)
      kernels.gemm(false, false, left.kept, columns, rows, 1, left.rows, z, 0, back)
      const right = singularVectors(back, left.kept, columns)
      const rank = right.sigma.filter((value) => value > threshold).length
      const from = right.kept - rank
      const keep = Math.min(right.kept, rank + spare)
      block = right.rows.slice((right.kept - keep) * columns)
      const room = Math.min(most, rank + spare + (rank >> 2))
      const isShort = rank >= width && width < most
      block = widened(block, columns, Math.max(0, room - keep), stream)
      if (isShort) continue
      const shrunk = right.sigma.slice(from).map((value) => value - threshold)
      const turned = new Float64Array(rank * rows)
      const weights = right.coefficients
        .slice(from * left.kept)
        .map((value, at) => value * shrunk[Math.floor(at / left.kept)]!)
      kernels.gemm(false, false, rank, rows, left.kept, 1, weights, left.rows, 0, turned)
      const top = right.rows.subarray(from * columns)
      kernels.gemm(true, false, rows, columns, rank, 1, turned, top, 0, out)
      return shrunk.toReversed()
    }
  }
}
