/**
 * The paper's complex noise, as randomised post-processing of a real release. Re(M-hat) is the real noisy matrix, and the
 * imaginary part is independent of the data.
 */
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import type { Source } from "./Entropy.ts"
import { IntegerDraws } from "./IntegerDraws.ts"
import * as LowRank from "../components/LowRank.ts"
import type { Noisy } from "../components/Noisy.ts"

/** The three outputs of Algorithm 1; matrices are dimension x dimension, row-major. */
export interface ComplexOutputs {
  /** M-hat_k, the best rank-k approximation of the complex matrix. */
  readonly complex: { readonly re: Float64Array; readonly im: Float64Array }
  /** Y = Re M-hat_k as printed; its rank is up to 2k. */
  readonly real: Float64Array
  /** The best rank-k approximation of Y, which has the rank that the paper states. */
  readonly realRankK: LowRank.LowRank
}

/** The imaginary part of the noise: antisymmetric, each entry off the diagonal of standard deviation `scale`. Draws the lower triangle by rows. */
export const imaginaryNoise = (
  dimension: number,
  scale: number,
  stream: RandomStream.RandomStream,
): Float64Array => {
  const im = new Float64Array(dimension * dimension)
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) {
      const x = scale * stream.normal()
      im[i * dimension + j] = x
      im[j * dimension + i] = -x
    }
  }
  return im
}

/** Random words for imaginary noise, which needs independence and no secrecy. */
export const imaginaryWords = (source: Source): ReadonlyArray<number> => {
  const draws = new IntegerDraws(source)
  const words = [draws.word(), draws.word(), draws.word(), draws.word()]
  draws.wipe()
  return words
}

/** The outputs of Algorithm 1 with imaginary noise of the size of the real one, from such words. Throws as `complexOutputs`. */
export const outputsOfWords = (
  noisy: Pick<Noisy, "dimension" | "matrix" | "offDiagonalScale">,
  rank: number,
  words: ReadonlyArray<number>,
  kernels?: Kernels.Kernels,
): ComplexOutputs => {
  const seed = words.reduce((tree, word) => tree.child(word), Seed.root("imaginary"))
  const stream = RandomStream.make(seed)
  const imaginary = imaginaryNoise(noisy.dimension, noisy.offDiagonalScale, stream)
  return complexOutputs(noisy, imaginary, rank, kernels)
}

/**
 * Outputs of Algorithm 1 from a real release and imaginary noise. Throws InvalidInput on a rank outside of 0..dimension and
 * imaginary noise of another size.
 */
export const complexOutputs = (
  noisy: Pick<Noisy, "dimension" | "matrix">,
  imaginary: Float64Array,
  rank: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): ComplexOutputs => {
  const { dimension: d, matrix } = noisy
  Require.count("ComplexNoise.complexOutputs", "rank", rank, 0, d)
  Require.length("ComplexNoise.complexOutputs", "imaginary", imaginary.length, d * d)
  const pairs = HermitianEigen.eigenRange(matrix, imaginary, d, d - rank, d, kernels)
  const re = new Float64Array(d * d)
  const im = new Float64Array(d * d)
  pairs.values.forEach((value, k) => {
    const a = pairs.re.subarray(k * d, (k + 1) * d)
    const b = pairs.im.subarray(k * d, (k + 1) * d)
    for (let i = 0; i < d; i++) {
      const [x, y] = [value * a[i]!, value * b[i]!]
      for (let j = 0; j < d; j++) {
        re[i * d + j] = re[i * d + j]! + x * a[j]! + y * b[j]!
        im[i * d + j] = im[i * d + j]! + y * a[j]! - x * b[j]!
      }
    }
  })
  return {
    complex: { re, im },
    real: re,
    realRankK: LowRank.topK({ dimension: d, matrix: re }, rank, kernels),
  }
}

/**
 * The three outputs of the paper's Algorithm 1 at one rank, from a release of a mechanism that `isComplex`. It adds
 * imaginary noise of the same size as the real noise. The imaginary noise is independent of the data, so it needs neither a
 * grid nor a share of the budget. Each call draws new imaginary noise from `source`. Throws InvalidInput on a rank outside
 * of 0..dimension.
 *
 * @example
 * ```ts import.meta.vitest
 * import { complexRelease } from "@nonconvex/dp-lowrank"
 * import { operatingSystem } from "@nonconvex/dp-lowrank/node"
 *
 * // at full rank the real part is the release, whatever the imaginary noise is
 * const noisy = { dimension: 2, matrix: Float64Array.of(3, 1, 1, 2), offDiagonalScale: 0.5 }
 * complexRelease(noisy, 2, operatingSystem).real // ≈ [3.000, 1.000, 1.000, 2.000]
 * ```
 */
export const complexRelease = (
  noisy: Pick<Noisy, "dimension" | "matrix" | "offDiagonalScale">,
  rank: number,
  source: Source,
  kernels?: Kernels.Kernels,
): ComplexOutputs => {
  Require.object("complexRelease", "source", source, "fill")
  Require.vector("complexRelease", "matrix", noisy.matrix, noisy.dimension * noisy.dimension)
  return outputsOfWords(noisy, rank, imaginaryWords(source), kernels)
}
