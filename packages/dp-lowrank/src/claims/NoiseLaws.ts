/** S1, S6 to S10: the noise, and the errors that it makes. Thresholds at six standard errors or more: a false alarm in 1e9 trials. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import { HermitianEigen, Kernels, SymmetricEigen, Vector } from "@nonconvex/numerics"
import * as ComplexNoise from "../ComplexNoise.ts"
import * as DiscreteGaussian from "../DiscreteGaussian.ts"
import * as Entropy from "../Entropy.ts"
import * as Gaps from "../Gaps.ts"
import { unsafeNoiseInto } from "../Idealised.ts"
import { IntegerDraws } from "../IntegerDraws.ts"
import * as LowRank from "../LowRank.ts"
import * as Theory from "../Theory.ts"
import { corrected, derived, printed, recalled } from "./Paper.ts"
import { conjugated, plus, realNoise, streamOf, truncated } from "./Structures.ts"

interface Scaled {
  readonly scale: number
  readonly seed: number
}

const scaled = () => Draw.record<Scaled>({ scale: Draw.logarithmic(1, 100), seed: Draw.seed() })

const momentMargin = ({ scale, seed }: Scaled, off: number): number => {
  const n = 2000
  const stream = streamOf(seed, "noise")
  const real = new Float64Array(4)
  const zero = new Float64Array(4)
  const sums = new Float64Array(4)
  for (let k = 0; k < n; k++) {
    unsafeNoiseInto(zero, 2, scale, off * scale, stream, Kernels.strict(), real)
    const im = ComplexNoise.imaginaryNoise(2, Math.SQRT1_2 * scale, stream)
    sums[0]! += (real[0]! / scale) ** 2 / n
    sums[1]! += (2 * (real[1]! / scale) ** 2) / n
    sums[2]! += (2 * (im[1]! / scale) ** 2) / n
    sums[3]! += (2 * real[1]! * im[2]!) / scale ** 2 / n
  }
  return Margin.all(
    ...[0, 1, 2].map((i) => Margin.equal(sums[i]!, 1, { absolute: 6.5 * Math.sqrt(2 / n) })),
    Margin.equal(sums[3]!, 0, { absolute: 6.5 / Math.sqrt(n) }),
  )
}

export const moments = claim<Scaled>({
  id: "dp-lowrank/noise-moments",
  statement:
    "The noise has variance s^2 on the diagonal, s^2 / 2 off it in the real and in the imaginary part, and these are uncorrelated.",
  source: derived("isotropic noise in Frobenius-isometric coordinates"),
  instances: scaled(),
  margin: (instance) => momentMargin(instance, Math.SQRT1_2),
  controls: [
    {
      name: "one variance on the whole upper triangle",
      instances: scaled(),
      margin: (instance) => momentMargin(instance, 1),
    },
  ],
})

interface Errors {
  readonly dimension: number
  readonly rank: number
  /** The gap in units of sqrt(T d). */
  readonly gap: number
  readonly ratio: number
  readonly seed: number
}

const errors = () =>
  Draw.record<Errors>({
    dimension: Draw.integer(16, 24),
    rank: Draw.oneOf(1, 2, 3),
    gap: Draw.linear(8, 5),
    ratio: Draw.oneOf(1, 2),
    seed: Draw.seed(),
  })

/** Root mean square errors over 40 draws at T = 1, of M-hat_k, Y and the real mechanism. */
const measured = ({ dimension: d, gap: factor, rank, ratio, seed }: Errors) => {
  const gap = factor * Math.sqrt(d)
  const spectrum = Float64Array.from({ length: d }, (_, i) =>
    i < rank ? ratio * gap : (ratio - 1) * gap,
  )
  const matrix = conjugated(spectrum, undefined)
  const exact = truncated(spectrum, rank)
  const stream = streamOf(seed, "noise")
  const trials = 40
  let [complex, real, plain] = [0, 0, 0]
  for (let k = 0; k < trials; k++) {
    const re = plus(matrix, realNoise(d, 2, stream))
    const im = ComplexNoise.imaginaryNoise(d, Math.SQRT2, stream)
    const outputs = ComplexNoise.complexOutputs({ dimension: d, matrix: re }, im, rank)
    const realError = Vector.distance(outputs.real, exact) ** 2
    real += realError / trials
    complex += (realError + Vector.norm(outputs.complex.im) ** 2) / trials
    const low = LowRank.toMatrix(LowRank.topK({ dimension: d, matrix: re }, rank))
    plain += Vector.distance(low, exact) ** 2 / trials
  }
  return {
    spectrum,
    complex: Math.sqrt(complex),
    real: Math.sqrt(real),
    plain: Math.sqrt(plain),
  }
}

const errorMargin = (instance: Errors, beta: Theory.Beta): number => {
  const { complex, plain, real, spectrum } = measured(instance)
  const { rank } = instance
  const rate = Theory.printedRate(1, spectrum, rank)
  const predicted = (b: Theory.Beta) =>
    Theory.firstOrderError(b, Theory.ensembleVariance(b, 1), spectrum, rank)
  return Margin.all(
    Margin.atMost(complex / rate, 3.6),
    Margin.atMost(real / rate, 2.6),
    Margin.atMost(plain / rate, 2.6),
    Margin.atLeast(complex / predicted(beta), 0.85),
    Margin.atMost(complex / predicted(beta), 1.3),
    Margin.atLeast(plain / predicted(1), 0.85),
    Margin.atMost(plain / predicted(1), 1.3),
  )
}

export const firstOrder = claim<Errors>({
  id: "dp-lowrank/first-order-error",
  statement:
    "Above the gap condition the error is that of first order, v (k^2 + 2 S) complex and v (k (k + 1) + 2 S) real, within 0.85 and 1.3; at most 3.6 and 2.6 times the rate of Theorem 2 without logarithms.",
  source: derived("sharp form of Theorems 1 and 2"),
  instances: errors(),
  margin: (instance) => errorMargin(instance, 2),
  controls: [
    {
      name: "the real formula for complex noise",
      instances: errors(),
      margin: (instance) => errorMargin(instance, 1),
    },
  ],
})

export const noAdvantage = claim<Errors>({
  id: "dp-lowrank/complex-noise-does-not-help",
  statement:
    "At one T, Y is as far from M_k as the real mechanism is: the ratio lies in [0.85, 1.2].",
  source: derived("comparison of Algorithm 1 and the real mechanism"),
  instances: errors(),
  margin: (instance) => {
    const { plain, real } = measured(instance)
    return Margin.all(Margin.atLeast(real / plain, 0.85), Margin.atMost(real / plain, 1.2))
  },
  controls: [
    {
      name: "the complex matrix itself",
      instances: errors(),
      margin: (instance) => {
        const { complex, plain } = measured(instance)
        return Margin.atMost(complex / plain, 1.2)
      },
    },
  ],
})

interface Level {
  readonly level: number
  readonly seed: number
}

export const levels = (level = Draw.oneOf(0, 10, 100, 1000, 10_000)) =>
  Draw.record<Level>({ level, seed: Draw.seed() })

/** |M-hat_k - M|_F against |M_k - M|_F over kdT or its root, at d = 20, k = 3, spectrum L + [0, 4 sqrt d]; the mean of 10 draws. */
export const weakMetricMargin = ({ level, seed }: Level, power: 1 | 2, limit: number): number => {
  const [d, k] = [20, 3]
  const spectrum = Float64Array.from(
    { length: d },
    (_, i) => level + (4 * Math.sqrt(d) * (d - 1 - i)) / (d - 1),
  )
  const matrix = conjugated(spectrum, undefined)
  const best = Vector.norm(spectrum.slice(k))
  const stream = streamOf(seed, "noise")
  let excess = 0
  for (let trial = 0; trial < 10; trial++) {
    const re = plus(matrix, realNoise(d, 2, stream))
    const im = ComplexNoise.imaginaryNoise(d, Math.SQRT2, stream)
    const { complex } = ComplexNoise.complexOutputs({ dimension: d, matrix: re }, im, k)
    const error = Math.hypot(Vector.distance(complex.re, matrix), Vector.norm(complex.im))
    excess += (error ** power - best ** power) / 10
  }
  return Margin.atMost(excess / (k * d) ** (power / 2), limit)
}

export const weakMetric = claim<Level>({
  id: "dp-lowrank/weak-metric",
  statement:
    "E |M-hat_k - M|_F - |M_k - M|_F is at most 3 sqrt(k d T), whatever the level of the spectrum.",
  source: corrected("Appendix H, without the square"),
  instances: levels(),
  margin: (instance) => weakMetricMargin(instance, 1, 3),
  controls: [
    {
      name: "squared, as printed",
      instances: levels(Draw.oneOf(10_000, 1000)),
      margin: (instance) => weakMetricMargin(instance, 2, 30),
    },
  ],
})

interface Drifting {
  readonly beta: Theory.Beta
  readonly seed: number
}

const drifting = () => Draw.record<Drifting>({ beta: Draw.oneOf(2, 1), seed: Draw.seed() })

/** Drift of the top eigenvalue over sum 1 / gap and loss of overlap over sum 1 / gap^2, by antithetic pairs. */
const driftMargin = ({ beta, seed }: Drifting, factor: number): number => {
  const start = Float64Array.of(9, 6, 3, 0)
  const [d, n, dt] = [4, 500, 1e-3]
  const stream = streamOf(seed, "pairs")
  let [drift, loss] = [0, 0]
  for (let k = 0; k < n; k++) {
    const motion = Gaps.matrixMotion(new Float64Array(d), beta)
    Gaps.move(motion, dt, stream)
    for (const sign of [1, -1]) {
      const re = plus(
        conjugated(start, undefined),
        motion.re.map((x) => sign * x),
      )
      const im = motion.im.map((x) => sign * x)
      if (beta === 1) {
        const { values, vectors } = SymmetricEigen.eigen(re, d)
        drift += (values[3]! - 9) / (2 * n * dt)
        loss += (1 - vectors[12]! ** 2) / (2 * n * dt)
      } else {
        const pairs = HermitianEigen.eigen(re, im, d)
        drift += (pairs.values[3]! - 9) / (2 * n * dt)
        loss += (1 - pairs.re[12]! ** 2 - pairs.im[12]! ** 2) / (2 * n * dt)
      }
    }
  }
  const v = factor * Theory.ensembleVariance(beta, 1)
  return Margin.all(
    Margin.equal(drift, v * (1 / 3 + 1 / 6 + 1 / 9), { relative: 0.35 }),
    Margin.equal(loss, v * (1 / 9 + 1 / 36 + 1 / 81), { relative: 0.45 }),
  )
}

export const drift = claim<Drifting>({
  id: "dp-lowrank/drift-and-overlap",
  statement:
    "Eigenvalues drift by v sum 1 / (g_i - g_j) and eigenvectors lose overlap v sum 1 / (g_i - g_j)^2 a unit of time, v = 4 complex and 2 real.",
  source: corrected("equations (4) and (5), constants"),
  instances: drifting(),
  margin: (instance) => driftMargin(instance, 1),
  controls: [
    {
      name: "2 and 1, as printed",
      instances: drifting(),
      margin: (instance) => driftMargin(instance, 0.5),
    },
  ],
})

interface Discrete {
  readonly t: number
  readonly seed: number
}

const discrete = () => Draw.record<Discrete>({ t: Draw.integer(1, 12), seed: Draw.seed() })

/** Chi-square of 4000 samples in 9 cells of about t / 2 around 0 and the two tails. */
const discreteMargin = ({ seed, t }: Discrete, deviation: number): number => {
  const n = 4000
  const stream = streamOf(seed, "words")
  const draws = new IntegerDraws(
    Entropy.unsafe("a seed", (words) => {
      for (let i = 0; i < words.length; i++) words[i] = stream.word() >>> 0
    }),
  )
  const width = Math.max(1, Math.round(t / 2))
  const cellOf = (x: number) => Math.max(-5, Math.min(5, Math.round(x / width)))
  const expected = new Float64Array(11)
  let total = 0
  for (let x = -40 * t; x <= 40 * t; x++) {
    const weight = Math.exp(-0.5 * (x / (deviation * t)) ** 2)
    expected[cellOf(x) + 5]! += weight
    total += weight
  }
  const counts = new Float64Array(11)
  for (let k = 0; k < n; k++) counts[cellOf(DiscreteGaussian.sample(t, draws)) + 5]!++
  let [statistic, degrees] = [0, -1]
  expected.forEach((weight, i) => {
    const mean = (n * weight) / total
    if (mean < 8) return
    statistic += (counts[i]! - mean) ** 2 / mean
    degrees++
  })
  // Wilson and Hilferty at six deviations and a half, for tails that are no normal ones
  const limit = degrees * (1 - 2 / (9 * degrees) + 6.5 * Math.sqrt(2 / (9 * degrees))) ** 3
  return Margin.atMost(statistic, limit)
}

export const discreteLaw = claim<Discrete>({
  id: "dp-lowrank/discrete-gaussian-law",
  statement: "The integer sampler has probabilities proportional to exp(-x^2 / 2 t^2).",
  source: recalled("Canonne, Kamath, Steinke 2020", "Algorithm 3"),
  instances: discrete(),
  margin: (instance) => discreteMargin(instance, 1),
  controls: [
    {
      name: "a deviation larger by a tenth",
      instances: discrete(),
      margin: (instance) => discreteMargin(instance, 1.1),
    },
  ],
})

interface Edge {
  readonly dimension: number
  readonly beta: Theory.Beta
  readonly seed: number
}

const edges = () =>
  Draw.record<Edge>({
    dimension: Draw.integer(2, 40),
    beta: Draw.oneOf(1, 2),
    seed: Draw.seed(),
  })

const edgeMargin = ({ beta, dimension, seed }: Edge, part: number): number => {
  const stream = streamOf(seed, "spectra")
  const v = Theory.ensembleVariance(beta, 1)
  const limit = Theory.noiseEdge(part * v, dimension) + 6.5 * part * Theory.isometricScale(beta, v)
  let largest = 0
  for (let k = 0; k < 20; k++) {
    largest = Math.max(largest, Gaps.sampleEigenvalues(dimension, beta, stream)[0]!)
  }
  return Margin.atMost(largest, limit)
}

export const edge = claim<Edge>({
  id: "dp-lowrank/largest-eigenvalue-of-the-noise",
  statement:
    "lambda_max exceeds 2 sqrt(v d) + t with probability at most exp(-t^2 / 2 s_F^2): never seen at t = 6.5 s_F.",
  source: recalled("Gaussian concentration", "norm of Gaussian matrices"),
  instances: edges(),
  margin: (instance) => edgeMargin(instance, 1),
  controls: [
    {
      name: "a quarter of the variance",
      instances: edges(),
      margin: (instance) => edgeMargin(instance, 0.25),
    },
  ],
})

/** The explicit constant of (54): log of b^2 1e6 k d T ratio^2 (log d)^3 log(sigma_1 + T) over the squared first-order error. */
export const explicitConstantMargin = ({ dimension: d, rank: k }: Errors): number => {
  const log = Math.log(d)
  const logB = Math.log(1e6) + Math.log(log) * Math.log(log)
  const spectrum = Float64Array.from({ length: d }, (_, i) => (i < k ? 8 * Math.sqrt(d) : 0))
  const bound = Math.log(1e6 * k * d * log ** 3 * Math.log(8 * Math.sqrt(d) + 1)) + 2 * logB
  const actual = 2 * Math.log(Theory.firstOrderError(2, 4, spectrum, k))
  return Margin.atMost(bound - actual, Math.log(1e12))
}

export const errorInstances = errors
export const explicitConstant = printed("equation (54)")
