/** C3 to C6: keeping the top k of real and complex matrices. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as ComplexNoise from "../../noise/ComplexNoise.ts"
import * as LowRank from "../../components/LowRank.ts"
import { corrected, derived } from "../support/Paper.ts"
import {
  conjugated,
  expand,
  plus,
  realNoise,
  type Spiked,
  spiked,
  streamOf,
  truncated,
} from "../support/Structures.ts"

const truncationMargin = (instance: Spiked, lost: number): number => {
  const { dimension, matrix, rank, scale, spectrum } = expand(instance)
  const kept = LowRank.toMatrix(LowRank.topK({ dimension, matrix }, Math.max(0, rank - lost)))
  const tail = Vector.norm(spectrum.slice(rank))
  return Margin.equal(Vector.distance(kept, matrix), tail, { absolute: 1e-9 * scale * dimension })
}

export const truncation = claim<Spiked>({
  id: "dp-lowrank/truncation",
  statement:
    "Without noise the top k eigenpairs are the best rank-k approximation, at distance of the norm of the other eigenvalues; all of M for k = d, and 0 for k = 0.",
  source: derived("Eckart and Young, for positive semidefinite matrices"),
  instances: spiked(),
  margin: (instance) => truncationMargin(instance, 0),
  controls: [
    {
      name: "one eigenpair too few",
      instances: spiked(2),
      margin: (instance) => truncationMargin({ ...instance, share: 0.5, shape: "tied" }, 1),
    },
  ],
})

export interface Complexed {
  readonly dimension: number
  readonly rank: number
  /** Deviation of the noise in units of the gap. */
  readonly noise: number
  readonly seed: number
}

export const complexed = (noise = Draw.logarithmic(0.3, 0.01)) =>
  Draw.record<Complexed>({
    dimension: Draw.integer(4, 12),
    rank: Draw.oneOf(1, 2),
    noise,
    seed: Draw.seed(),
  })

/** The outputs of Algorithm 1 on diag(k spikes between 1 and 2, 0, ...), and M_k. */
export const outputsOf = ({ dimension, noise, rank, seed }: Complexed) => {
  const spectrum = Float64Array.from({ length: dimension }, (_, i) =>
    i < rank ? 1 + (rank - i) / rank : 0,
  )
  const matrix = conjugated(spectrum, undefined)
  const v = noise ** 2 / dimension
  const re = plus(matrix, realNoise(dimension, v, streamOf(seed, "re")))
  const im = ComplexNoise.imaginaryNoise(dimension, Math.sqrt(v), streamOf(seed, "im"))
  const exact = truncated(spectrum, rank)
  return { ...ComplexNoise.complexOutputs({ dimension, matrix: re }, im, rank), exact, re, im }
}

/** [[re, -im], [sign im, re]]: symmetric for the sign of a Hermitian matrix. */
const embed = (re: Float64Array, im: Float64Array, n: number, sign = 1): Float64Array =>
  Float64Array.from({ length: 4 * n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / (2 * n)), at % (2 * n)]
    const entry = (i % n) * n + (j % n)
    if (i < n === j < n) return re[entry]!
    return i < n ? -im[entry]! : sign * im[entry]!
  })

/** |Y - M_k|_F and |Im M-hat_k|_F of Algorithm 1, and |M-hat_k - M_k|_F by a route that forms no complex eigenvector: the real embedding. */
export const distancesOf = (instance: Complexed) => {
  const { complex, exact, im, re, real } = outputsOf(instance)
  const { dimension: n, rank: k } = instance
  const embedded = { dimension: 2 * n, matrix: embed(re, im, n) }
  const kept = LowRank.toMatrix(LowRank.topK(embedded, 2 * k))
  const none = new Float64Array(exact.length)
  return {
    real: Vector.distance(real, exact),
    imaginary: Vector.norm(complex.im),
    // every entry is there twice
    whole: Vector.distance(kept, embed(exact, none, n)) / Math.SQRT2,
  }
}

export const realPart = claim<Complexed>({
  id: "dp-lowrank/real-part-is-no-further",
  statement:
    "|M-hat_k - M_k|_F^2 = |Y - M_k|_F^2 + |Im M-hat_k|_F^2: the real part is never further from M_k than the complex matrix (the paper has a factor 2).",
  source: corrected("proof of Theorem 1, the factor 2"),
  instances: complexed(),
  margin: (instance) => {
    const { imaginary, real, whole } = distancesOf(instance)
    return Margin.all(
      Margin.equal(Math.hypot(real, imaginary), whole, { relative: 1e-9 }),
      Margin.atMost(real, whole, 1e-12),
    )
  },
  controls: [
    {
      name: "no imaginary part",
      instances: complexed(),
      margin: (instance) => {
        const { real, whole } = distancesOf(instance)
        return Margin.equal(real, whole, { relative: 1e-9 })
      },
    },
  ],
})

/** How many eigenvalues are not 0. */
export const rankOf = (matrix: Float64Array, dimension: number): number => {
  const values = SymmetricEigen.eigenvalues(matrix, dimension).map(Math.abs)
  const largest = Vector.maxAbs(values)
  return values.filter((value) => value > 1e-13 * largest).length
}

export const rank = claim<Complexed>({
  id: "dp-lowrank/rank-of-the-real-part",
  statement:
    "Y = Re M-hat_k has rank 2k; its own top k has rank k, and is at most twice as far from M_k.",
  source: corrected("Theorem 1 and Algorithm 1, rank of the output"),
  instances: complexed(),
  margin: (instance) => {
    const { exact, real, realRankK } = outputsOf(instance)
    const { dimension, rank: k } = instance
    const released = LowRank.toMatrix(realRankK)
    return Margin.all(
      Margin.holds(rankOf(real, dimension) === 2 * k),
      Margin.holds(rankOf(released, dimension) === k),
      Margin.atMost(Vector.distance(released, exact), 2 * Vector.distance(real, exact), 1e-9),
    )
  },
  controls: [
    {
      name: "rank k, as printed",
      instances: complexed(),
      margin: (instance) =>
        Margin.holds(rankOf(outputsOf(instance).real, instance.dimension) <= instance.rank),
    },
  ],
})

const embeddingMargin = (instance: Complexed, sign: number): number => {
  const { complex, im, re } = outputsOf(instance)
  const { dimension: n, rank: k } = instance
  const embedded = embed(re, im, n, sign)
  const doubled = SymmetricEigen.eigenvalues(embedded, 2 * n)
  const values = HermitianEigen.eigenvalues(re, im, n)
  const scale = Vector.norm(re)
  const kept = LowRank.toMatrix(LowRank.topK({ dimension: 2 * n, matrix: embedded }, 2 * k))
  return Margin.all(
    ...Array.from(doubled, (value, i) =>
      Margin.equal(value, values[i >> 1]!, { absolute: 1e-9 * scale }),
    ),
    Margin.equal(Vector.distance(kept, embed(complex.re, complex.im, n)), 0, {
      absolute: 1e-9 * scale,
    }),
  )
}

export const embedding = claim<Complexed>({
  id: "dp-lowrank/embedding",
  statement:
    "[[Re, -Im], [Im, Re]] has the eigenvalues of H twice, and its top 2k is the embedding of H_k.",
  source: derived("real embedding of Hermitian matrices"),
  instances: complexed(),
  margin: (instance) => embeddingMargin(instance, 1),
  controls: [
    {
      name: "the sign of one block",
      instances: complexed(),
      margin: (instance) => embeddingMargin(instance, -1),
    },
  ],
})

const conjugationMargin = (instance: Complexed, factor: number): number => {
  const { im, re, real } = outputsOf(instance)
  const { dimension, rank: k } = instance
  const noisy = { dimension, matrix: re }
  const other = ComplexNoise.complexOutputs(
    noisy,
    im.map((x) => factor * x),
    k,
  )
  const none = ComplexNoise.complexOutputs(noisy, new Float64Array(im.length), k)
  const tolerance = { absolute: 1e-9 * Vector.norm(re) }
  return Margin.all(
    Margin.equal(Vector.distance(other.real, real), 0, tolerance),
    Margin.equal(
      Vector.distance(none.real, LowRank.toMatrix(LowRank.topK(noisy, k))),
      0,
      tolerance,
    ),
  )
}

export const conjugation = claim<Complexed>({
  id: "dp-lowrank/complex-conjugation",
  statement:
    "The sign of the imaginary noise does not change Y, and without it Algorithm 1 is the real mechanism.",
  source: derived("complex conjugation of M-hat"),
  instances: complexed(),
  margin: (instance) => conjugationMargin(instance, -1),
  controls: [
    {
      name: "imaginary noise of another size",
      instances: complexed(),
      margin: (instance) => conjugationMargin(instance, -2),
    },
  ],
})

const gaugeMargin = (instance: Complexed, change: (x: number, i: number) => number): number => {
  const { dimension, rank: k } = instance
  const low = LowRank.topK({ dimension, matrix: outputsOf(instance).re }, k)
  const turned = { ...low, vectors: low.vectors.map(change) }
  const [one, other] = [LowRank.toMatrix(low), LowRank.toMatrix(turned)]
  return Margin.holds(one.every((x, i) => x === other[i]))
}

export const gauge = claim<Complexed>({
  id: "dp-lowrank/gauge",
  statement: "The signs of eigenvectors change no bit of what is released.",
  source: derived("gauge invariance of projectors"),
  instances: complexed(),
  margin: (instance) => gaugeMargin(instance, (x) => -x),
  controls: [
    {
      name: "the sign of one entry",
      instances: complexed(),
      margin: (instance) => gaugeMargin(instance, (x, i) => (i === 0 ? -x : x)),
    },
  ],
})
