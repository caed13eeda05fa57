/**
 * S1, S8 to S10: the noise, and what it does to eigenvalues. Thresholds at six standard errors or more: a false alarm in 1e9 trials.
 * Samples of a trial are smaller than those of one test of a law, as in GapLaws.ts; StatisticalLaws.test.ts has the full size.
 */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as ComplexNoise from "../../noise/ComplexNoise.ts"
import * as DiscreteGaussian from "../../noise/DiscreteGaussian.ts"
import * as Gaps from "../../eigenvalues/Gaps.ts"
import { unsafeNoiseInto } from "../../noise/Idealised.ts"
import { IntegerDraws } from "../../noise/IntegerDraws.ts"
import * as Theory from "../../theory/index.ts"
import { corrected, derived, recalled } from "../support/Paper.ts"
import { conjugated, plus, streamOf, wordsOf } from "../support/Structures.ts"

interface Scaled {
  readonly scale: number
  readonly seed: number
}

const scaled = () => Draw.record<Scaled>({ scale: Draw.logarithmic(1, 100), seed: Draw.seed() })

/** S1: moments of `n` noises with the deviation `off` times the scale beside the diagonal. */
export const momentMargin = ({ scale, seed }: Scaled, off: number, n = 4000): number => {
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

interface Drifting {
  readonly beta: Theory.Beta
  readonly seed: number
}

const drifting = () => Draw.record<Drifting>({ beta: Draw.oneOf(2, 1), seed: Draw.seed() })

/**
 * Drift of the top eigenvalue over sum 1 / gap and loss of overlap over sum 1 / gap^2, by 1000 antithetic pairs: 2e5, which the
 * constants to 3 % take, cost 4 s each.
 */
const driftMargin = ({ beta, seed }: Drifting, factor: number): number => {
  const start = Float64Array.of(9, 6, 3, 0)
  const [d, n, dt] = [4, 1000, 1e-3]
  const stream = streamOf(seed, "pairs")
  const matrix = conjugated(start, undefined)
  let [drift, loss] = [0, 0]
  for (let k = 0; k < n; k++) {
    const motion = Gaps.matrixMotion(new Float64Array(d), beta)
    Gaps.move(motion, dt, stream)
    for (const sign of [1, -1]) {
      const re = plus(
        matrix,
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
    Margin.equal(drift, v * (1 / 3 + 1 / 6 + 1 / 9), { relative: 0.25 }),
    Margin.equal(loss, v * (1 / 9 + 1 / 36 + 1 / 81), { relative: 0.33 }),
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

/** S9: chi-square of `n` samples in 2 `cells` + 1 cells around 0, of `width` integers each, and the two tails. */
export const discreteMargin = (
  { seed, t }: Discrete,
  deviation: number,
  n = 10_000,
  cells = 4,
  width = Math.max(1, Math.round(t / 2)),
): number => {
  const draws = new IntegerDraws(wordsOf(seed))
  const tail = cells + 1
  const cellOf = (x: number) => Math.max(-tail, Math.min(tail, Math.round(x / width)))
  const expected = new Float64Array(2 * tail + 1)
  let total = 0
  for (let x = -40 * t; x <= 40 * t; x++) {
    const weight = Math.exp(-0.5 * (x / (deviation * t)) ** 2)
    expected[cellOf(x) + tail]! += weight
    total += weight
  }
  const counts = new Float64Array(expected.length)
  for (let k = 0; k < n; k++) counts[cellOf(DiscreteGaussian.sample(t, draws)) + tail]!++
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

/** S10: the largest eigenvalue of `n` noises, against the limit for a part of the variance. */
export const edgeMargin = ({ beta, dimension, seed }: Edge, part: number, n = 500): number => {
  const v = Theory.ensembleVariance(beta, 1)
  const limit = Theory.noiseEdge(part * v, dimension) + 6.5 * part * Theory.isometricScale(beta, v)
  const spectra = Gaps.sampleSpectra(n, dimension, beta, streamOf(seed, "spectra"))
  let largest = 0
  for (let at = 0; at < spectra.length; at += dimension) largest = Math.max(largest, spectra[at]!)
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
