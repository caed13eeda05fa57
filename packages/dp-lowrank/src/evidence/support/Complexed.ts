/** Outputs of Algorithm 1 on a small matrix, and their distances from its exact rank-k approximation. */
import { Draw, type Given } from "@nonconvex/evidence"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import * as ComplexNoise from "../../noise/ComplexNoise.ts"
import { conjugated, plus, realNoise, streamOf, truncated } from "./Structures.ts"

/** `noise` is its deviation in units of the gap. */
export const complexed = (noise = Draw.logarithmic(0.3, 0.01)) =>
  Draw.record({
    dimension: Draw.integer(4, 12),
    rank: Draw.oneOf(1, 2),
    noise,
    seed: Draw.seed(),
  })
export type Complexed = Draw.Drawn<ReturnType<typeof complexed>>

/** The outputs of Algorithm 1 on diag(k spikes between 1 and 2, 0, ...), and M_k. */
export const outputsOf = ({ dimension, noise, rank, seed }: Complexed, { kernels }: Given) => {
  const spectrum = Float64Array.from({ length: dimension }, (_, i) =>
    i < rank ? 1 + (rank - i) / rank : 0,
  )
  const matrix = conjugated(spectrum)
  const v = (noise * noise) / dimension
  const re = plus(matrix, realNoise(dimension, v, streamOf(seed, "re")))
  const im = ComplexNoise.imaginaryNoise(dimension, Math.sqrt(v), streamOf(seed, "im"))
  const exact = truncated(spectrum, rank)
  return {
    ...ComplexNoise.complexOutputs({ dimension, matrix: re }, im, rank, kernels),
    exact,
    re,
    im,
  }
}

/** [[re, -im], [sign im, re]]: symmetric for the sign of a Hermitian matrix. */
export const embed = (re: Float64Array, im: Float64Array, n: number, sign = 1): Float64Array =>
  Float64Array.from({ length: 4 * n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / (2 * n)), at % (2 * n)]
    const entry = (i % n) * n + (j % n)
    if (i < n === j < n) return re[entry]!
    return i < n ? -im[entry]! : sign * im[entry]!
  })

/** |Y - M_k|_F and |Im M-hat_k|_F of Algorithm 1, and |M-hat_k - M_k|_F by a route that forms no complex eigenvector: the real embedding. */
export const distancesOf = (instance: Complexed, given: Given) => {
  const { complex, exact, im, re, real } = outputsOf(instance, given)
  const { dimension: n, rank: k } = instance
  const embedded = { dimension: 2 * n, matrix: embed(re, im, n) }
  const kept = LowRank.best(embedded, 2 * k, given.kernels)
  const none = new Float64Array(exact.length)
  return {
    real: Vector.distance(real, exact),
    imaginary: Vector.norm(complex.im),
    // every entry is there twice
    whole: Vector.distance(kept, embed(exact, none, n)) / Math.SQRT2,
  }
}

/** Counts the nonzero eigenvalues. */
export const rankOf = (matrix: Float64Array, dimension: number, { kernels }: Given): number => {
  const values = SymmetricEigen.eigenvalues(matrix, dimension, kernels).map(Math.abs)
  const largest = Vector.maxAbs(values)
  return values.filter((value) => value > 1e-13 * largest).length
}
