/** Errors of the mechanisms, draw by draw. Matrices are diagonal, which isotropic noise does not see. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import * as ComplexNoise from "../../noise/ComplexNoise.ts"
import { unsafePerturb } from "../../noise/Idealised.ts"
import type { Mechanism } from "../../noise/GaussianMechanism.ts"
import { conjugated, plus, realNoise, truncated } from "./Structures.ts"

/** Settings of a draw: a descending spectrum, the kept rank, the source of noise, and the kernels. */
interface Setting {
  readonly spectrum: Float64Array
  readonly rank: number
  readonly stream: RandomStream.RandomStream
  readonly kernels: Kernels
}

/** The outputs of Algorithm 1 on one draw of noise with off-diagonal variance `v` in each part. */
const outputs = ({ kernels, rank, stream }: Setting, matrix: Float64Array, v: number) => {
  const dimension = Math.sqrt(matrix.length)
  const noisy = { dimension, matrix: plus(matrix, realNoise(dimension, v, stream)) }
  const im = ComplexNoise.imaginaryNoise(dimension, Math.sqrt(v), stream)
  return { noisy, ...ComplexNoise.complexOutputs(noisy, im, rank, kernels) }
}

/** Draws of the squared distances from M_k of M-hat_k, Y, the top k of Y, and the real mechanism. */
export const squaredErrors = (setting: Setting, v: number) => {
  const { kernels, rank, spectrum } = setting
  const [matrix, exact] = [conjugated(spectrum, undefined), truncated(spectrum, rank)]
  return () => {
    const { complex, noisy, real, realRankK } = outputs(setting, matrix, v)
    const plain = LowRank.topK(noisy, rank, kernels)
    const realError = Elementary.square(Vector.distance(real, exact))
    return {
      complex: realError + Elementary.square(Vector.norm(complex.im)),
      real: realError,
      realRankK: Elementary.square(Vector.distance(LowRank.toMatrix(realRankK), exact)),
      plain: Elementary.square(Vector.distance(LowRank.toMatrix(plain), exact)),
    }
  }
}

/** Draws of the distance |M-hat_k - M| at T = 1, and |M_k - M|. */
export const distances = (setting: Setting) => {
  const matrix = conjugated(setting.spectrum)
  return {
    best: Vector.norm(setting.spectrum.slice(setting.rank)),
    draw: () => {
      const { complex } = outputs(setting, matrix, 2)
      return Elementary.hypot(Vector.distance(complex.re, matrix), Vector.norm(complex.im))
    },
  }
}

/** The spectrum level + [0, 4 sqrt d], evenly spaced. */
export const spreadAtLevel = (level: number, d: number): Float64Array =>
  Float64Array.from({ length: d }, (_, i) => level + (4 * Math.sqrt(d) * (d - 1 - i)) / (d - 1))

/**
 * `rank` eigenvalues 12 sqrt d above the common level of the others: meets the gap condition at T = 1, even with twice the
 * norm.
 */
export const gappedAtLevel = (level: number, d: number, rank: number): Float64Array =>
  Float64Array.from({ length: d }, (_, i) => level + (i < rank ? 12 * Math.sqrt(d) : 0))

/** Draws of the squared `error` of a mechanism's release: Y for the complex ones. */
export const squaredErrorOf = (
  { kernels, rank, spectrum, stream }: Setting,
  mechanism: Mechanism,
) => {
  const d = spectrum.length
  const [matrix, exact] = [conjugated(spectrum, undefined), truncated(spectrum, rank)]
  return () => {
    const noisy = unsafePerturb(matrix, d, mechanism, stream, kernels)
    const imaginary = () => ComplexNoise.imaginaryNoise(d, noisy.offDiagonalScale, stream)
    const found = mechanism.isComplex
      ? ComplexNoise.complexOutputs(noisy, imaginary(), rank, kernels).real
      : LowRank.best(noisy, rank, kernels)
    return { error: Elementary.square(Vector.distance(found, exact)) }
  }
}

/** The root mean squares of `trials` draws, each some squares. */
export const rootMeanSquares = <Name extends string>(
  trials: number,
  draw: () => Readonly<Record<Name, number>>,
): Record<Name, number> => {
  const sums = draw() as Record<Name, number>
  const names = Object.keys(sums) as Array<Name>
  for (let k = 1; k < trials; k++) {
    const squares = draw()
    for (const name of names) sums[name] += squares[name]
  }
  for (const name of names) sums[name] = Math.sqrt(sums[name] / trials)
  return sums
}
