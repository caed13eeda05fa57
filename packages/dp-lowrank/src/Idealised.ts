/**
 * Mechanisms in floating point with a repeatable stream, for experiments, audits and comparisons. Never for private data: the stream is
 * known, and float64 noise leaks through its holes. A release takes none of this.
 */
import { Kernels, type RandomStream } from "@nonconvex/numerics"
import { requireLength } from "./Input.ts"
import * as Mechanism from "./Mechanism.ts"
import type { Noisy } from "./Noisy.ts"

/** A noisy matrix that protects nobody. */
export interface UnsafeNoisy extends Noisy {
  readonly unsafe: true
}

/**
 * M + E of the real part of a mechanism, one normal an entry of the lower triangle by rows. Throws InvalidInput on a matrix of another
 * size.
 */
export const unsafePerturb = (
  matrix: Float64Array,
  dimension: number,
  mechanism: Mechanism.Mechanism,
  stream: RandomStream.RandomStream,
  kernels: Kernels.Kernels = Kernels.strict(),
): UnsafeNoisy => {
  requireLength("Idealised.unsafePerturb", "matrix", matrix, dimension * dimension)
  const diagonalScale = Mechanism.diagonalScale(mechanism)
  const offDiagonalScale = Mechanism.offDiagonalScale(mechanism)
  const out = new Float64Array(dimension * dimension)
  unsafeNoiseInto(matrix, dimension, diagonalScale, offDiagonalScale, stream, kernels, out)
  return { dimension, matrix: out, diagonalScale, offDiagonalScale, grid: 0, unsafe: true }
}

/** Rows of the lower triangle whose mirror images share cache lines. */
const band = 8

/** Writes matrix + E into `out`, which may be `matrix`. */
export const unsafeNoiseInto = (
  matrix: Float64Array,
  dimension: number,
  diagonalScale: number,
  offDiagonalScale: number,
  stream: RandomStream.RandomStream,
  kernels: Kernels.Kernels,
  out: Float64Array,
): void => {
  const d = dimension
  const normals = new Float64Array(band * d)
  for (let from = 0; from < d; from += band) {
    const to = Math.min(from + band, d)
    let at = 0
    const count = ((to - from) * (from + to + 1)) / 2
    kernels.fillNormal(stream, normals.subarray(0, count))
    for (let i = from; i < to; i++) {
      for (let j = 0; j < i; j++) {
        out[i * d + j] = matrix[i * d + j]! + offDiagonalScale * normals[at++]!
      }
      out[i * d + i] = matrix[i * d + i]! + diagonalScale * normals[at++]!
    }
    for (let j = 0; j < to; j++) {
      for (let i = Math.max(from, j + 1); i < to; i++) out[j * d + i] = out[i * d + j]!
    }
  }
}
