/**
 * Mechanisms in floating point with a reproducible stream, for experiments, audits and comparisons. Never use them for
 * private data: the stream is known, and the gaps between float64 values leak information. A release uses none of this.
 */
import * as Kernels from "@nonconvex/numerics/Kernels"
import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import * as Deviations from "./Deviations.ts"
import type * as Mechanism from "./GaussianMechanism.ts"
import type { Noisy } from "../components/Noisy.ts"

/** A noisy matrix without a privacy guarantee. */
export interface UnsafeNoisy extends Noisy {
  readonly unsafe: true
}

/**
 * Matrix (dimension x dimension, row-major) plus the real noise of a mechanism, one normal per entry of the lower triangle
 * by rows. Throws InvalidInput on a matrix of another size.
 */
export const unsafePerturb = (
  matrix: Float64Array,
  dimension: number,
  mechanism: Mechanism.Mechanism,
  stream: RandomStream.RandomStream,
  kernels: Kernels.Kernels = Kernels.standard(),
): UnsafeNoisy => {
  Require.array("Idealised.unsafePerturb", "matrix", matrix, dimension * dimension)
  const diagonalScale = Deviations.diagonalScale(mechanism)
  const offDiagonalScale = Deviations.offDiagonalScale(mechanism)
  const out = new Float64Array(dimension * dimension)
  unsafeNoiseInto(matrix, dimension, diagonalScale, offDiagonalScale, stream, kernels, out)
  return { dimension, matrix: out, diagonalScale, offDiagonalScale, grid: 0, unsafe: true }
}

/** Rows that are made together, so that their mirror images are written side by side. */
const band = 4

/** Writes matrix + E to `out`, which may be `matrix`. */
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
    const count = ((to - from) * (from + to + 1)) / 2
    kernels.fillNormal(stream, normals.subarray(0, count))
    if (to - from === band) leftOfBlock(matrix, d, offDiagonalScale, normals, from, out)
    const first = to - from === band ? from : 0
    for (let i = from; i < to; i++) {
      const row = rowStart(from, i - from)
      for (let j = first; j < i; j++) {
        const value = matrix[i * d + j]! + offDiagonalScale * normals[row + j]!
        out[i * d + j] = value
        out[j * d + i] = value
      }
      out[i * d + i] = matrix[i * d + i]! + diagonalScale * normals[row + i]!
    }
  }
}

/** Index of the first draw of row `from` + r within its band. */
const rowStart = (from: number, r: number): number => r * from + (r * (r + 1)) / 2

/**
 * Entries of four rows left of their diagonal block, and their mirror images; unrolled, since this loop dominates the time
 * of a release.
 */
const leftOfBlock = (
  matrix: Float64Array,
  d: number,
  scale: number,
  normals: Float64Array,
  from: number,
  out: Float64Array,
): void => {
  const [a, b, c, e] = [from * d, (from + 1) * d, (from + 2) * d, (from + 3) * d]
  const [p, q, r] = [rowStart(from, 1), rowStart(from, 2), rowStart(from, 3)]
  for (let j = 0; j < from; j++) {
    const w = matrix[a + j]! + scale * normals[j]!
    const x = matrix[b + j]! + scale * normals[p + j]!
    const y = matrix[c + j]! + scale * normals[q + j]!
    const z = matrix[e + j]! + scale * normals[r + j]!
    out[a + j] = w
    out[b + j] = x
    out[c + j] = y
    out[e + j] = z
    const mirror = j * d + from
    out[mirror] = w
    out[mirror + 1] = x
    out[mirror + 2] = y
    out[mirror + 3] = z
  }
}
