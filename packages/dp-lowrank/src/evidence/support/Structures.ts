/** Instances as structures: spectra, vectors and noise from a few numbers and a seed. */
import { Draw } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomMatrix from "@nonconvex/numerics/RandomMatrix"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Entropy from "../../noise/Entropy.ts"
import { unsafeStream } from "../../noise/UnsafeStream.ts"

export const streamOf = (seed: number, label: string): RandomStream.RandomStream =>
  RandomStream.make(Seed.root(seed).child(label))

/** Standard normals of a separate stream. */
export const normalsOf = (seed: number, label: string, size: number): Float64Array =>
  streamOf(seed, label).normals(size)

/** Reproducible words, for statements that hold for any noise. */
export const wordsOf = (seed: number): Entropy.Source =>
  unsafeStream("a seed", streamOf(seed, "words"))

/**
 * Positive semidefinite matrices with spread or tied spectra of any scale, in a random basis or the standard one. `share` is the
 * rank over the dimension.
 */
export const spiked = (smallest = 1, largest = 12) =>
  Draw.record({
    dimension: Draw.integer(smallest, largest),
    share: Draw.linear(0, 1),
    shape: Draw.oneOf("spread", "tied", "zeros"),
    exponent: Draw.integer(-6, 6),
    isHaar: Draw.oneOf(true, false),
    seed: Draw.seed(),
  })
export type Spiked = Draw.Drawn<ReturnType<typeof spiked>>

/** Q diag(spectrum) Q^T, row-major and exactly symmetric. */
export const conjugated = (spectrum: Float64Array, q?: Float64Array): Float64Array => {
  const d = spectrum.length
  const out = new Float64Array(d * d)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = q === undefined && i === j ? spectrum[i]! : 0
      if (q !== undefined) {
        for (let k = 0; k < d; k++) sum += spectrum[k]! * q[i * d + k]! * q[j * d + k]!
      }
      out[i * d + j] = sum
      out[j * d + i] = sum
    }
  }
  return out
}

/** Matrix, descending spectrum, and a rank from 0 to the dimension. */
export const expand = ({ dimension, exponent, isHaar, seed, shape, share }: Spiked) => {
  const stream = streamOf(seed, "spectrum")
  const scale = Elementary.pow(10, exponent)
  const spectrum = Float64Array.from({ length: dimension }, (_, i) => {
    const value = scale * (0.1 + stream.uniform())
    if (shape === "tied") return scale * (i < dimension / 2 ? 2 : 1)
    return shape === "zeros" && i >= dimension / 2 ? 0 : value
  }).toSorted((a, b) => b - a)
  const q = isHaar ? Orthogonal.haar(dimension, streamOf(seed, "basis")) : undefined
  const matrix = conjugated(spectrum, q)
  return { dimension, matrix, spectrum, scale, rank: Math.round(share * dimension) }
}

/** Real symmetric noise with variance `v` off the diagonal and 2 v on it. */
export const realNoise = (
  dimension: number,
  v: number,
  stream: RandomStream.RandomStream,
): Float64Array => RandomMatrix.gaussianOrthogonal(dimension, stream).map((x) => Math.sqrt(v) * x)

/** The sum of two matrices. */
export const plus = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, i) => x + b[i]!)

/** The best rank-k approximation of diag(spectrum), for descending spectra that are not negative. */
export const truncated = (spectrum: Float64Array, rank: number): Float64Array =>
  conjugated(spectrum.map((value, i) => (i < rank ? value : 0)))

/** The transpose of a square matrix. */
export const transposed = (a: Float64Array, n: number): Float64Array =>
  a.map((_, at) => a[(at % n) * n + Math.floor(at / n)]!)

/** a b of square matrices. */
export const product = (a: Float64Array, b: Float64Array, n: number): Float64Array =>
  a.map((_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    let sum = 0
    for (let k = 0; k < n; k++) sum += a[i * n + k]! * b[k * n + j]!
    return sum
  })
