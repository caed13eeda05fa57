/** Errors of the mechanisms over many draws. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomMatrix from "@nonconvex/numerics/RandomMatrix"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as ComplexNoise from "../../noise/ComplexNoise.ts"
import * as LowRank from "../../components/LowRank.ts"
import * as Mechanism from "../../noise/Mechanism.ts"
import { unsafePerturb } from "../../noise/Idealised.ts"

/** diag(spectrum), row-major. */
export const diagonal = (spectrum: ArrayLike<number>): Float64Array => {
  const d = spectrum.length
  const out = new Float64Array(d * d)
  for (let i = 0; i < d; i++) out[i * d + i] = spectrum[i]!
  return out
}

const kept = (spectrum: ReadonlyArray<number>, rank: number): Float64Array =>
  diagonal(spectrum.map((value, i) => (i < rank ? value : 0)))

export interface Setting {
  /** Descending; the matrix is diagonal, which isotropic noise does not see. */
  readonly spectrum: ReadonlyArray<number>
  readonly rank: number
  readonly trials: number
}

export interface Errors {
  /** M-hat_k, Y, the top k of Y, and the real mechanism; root mean square distances from M_k. */
  readonly complex: number
  readonly real: number
  readonly realRankK: number
  readonly plain: number
}

/** Root mean square errors with off-diagonal variance `v` in the real part, and as much in the imaginary one. */
export const errorsOf = (
  { rank, spectrum, trials }: Setting,
  v: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Errors => {
  const d = spectrum.length
  const matrix = diagonal(spectrum)
  const exact = kept(spectrum, rank)
  const stream = RandomStream.make(seed)
  const sums = new Float64Array(4)
  for (let k = 0; k < trials; k++) {
    const noise = RandomMatrix.gaussianOrthogonal(d, stream)
    const re = matrix.map((x, i) => x + Math.sqrt(v) * noise[i]!)
    const im = ComplexNoise.imaginaryNoise(d, Math.sqrt(v), stream)
    const noisy = { dimension: d, matrix: re }
    const { complex, real, realRankK } = ComplexNoise.complexOutputs(noisy, im, rank, kernels)
    const realError = Vector.distance(real, exact) ** 2
    sums[0]! += realError + Vector.norm(complex.im) ** 2
    sums[1]! += realError
    sums[2]! += Vector.distance(LowRank.toMatrix(realRankK), exact) ** 2
    sums[3]! += Vector.distance(LowRank.toMatrix(LowRank.topK(noisy, rank, kernels)), exact) ** 2
  }
  const [complex, real, realRankK, plain] = sums.map((sum) => Math.sqrt(sum / trials))
  return { complex: complex!, real: real!, realRankK: realRankK!, plain: plain! }
}

/** Root mean square error of what a mechanism releases: Y for the complex ones. */
export const errorOfMechanism = (
  { rank, spectrum, trials }: Setting,
  mechanism: Mechanism.Mechanism,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): number => {
  const d = spectrum.length
  const matrix = diagonal(spectrum)
  const exact = kept(spectrum, rank)
  const stream = RandomStream.make(seed)
  let sum = 0
  for (let k = 0; k < trials; k++) {
    const noisy = unsafePerturb(matrix, d, mechanism, stream, kernels)
    const im = mechanism.isComplex
      ? ComplexNoise.imaginaryNoise(d, noisy.offDiagonalScale, stream)
      : undefined
    const out =
      im === undefined
        ? LowRank.toMatrix(LowRank.topK(noisy, rank, kernels))
        : ComplexNoise.complexOutputs(noisy, im, rank, kernels).real
    sum += Vector.distance(out, exact) ** 2
  }
  return Math.sqrt(sum / trials)
}
