/**
 * S2 to S5: laws of eigenvalue gaps. Each trial draws its own sample; a true statement fails a trial with probability 1e-9 (S2, S3, S4)
 * or at five standard errors (S5). A trial is one of a thousand, so its sample is smaller than that of one test of the law; the margins
 * take the size, and StatisticalLaws.test.ts runs them at full size.
 */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as NormalDistribution from "@nonconvex/numerics/NormalDistribution"
import * as ClopperPearson from "../../audit/ClopperPearson.ts"
import * as Gaps from "../../eigenvalues/Gaps.ts"
import * as Theory from "../../theory/index.ts"
import { derived } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

const falseAlarm = 1e-9

interface Sampled {
  readonly dimension: number
  readonly beta: Theory.Beta
  readonly m: number
  readonly seed: number
}

const sampled = (smallest: number, largest: number) =>
  Draw.record<Sampled>({
    dimension: Draw.integer(smallest, largest),
    beta: Draw.oneOf(1, 2),
    m: Draw.oneOf(0, 1, 5),
    seed: Draw.seed(),
  })

const density = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)

/** P(chi_2(shift) <= r), the Rice law, as a Poisson mixture. */
const rice = (r: number, shift: number): number => {
  const [mean, x] = [shift ** 2 / 2, r ** 2 / 2]
  let weight = Math.exp(-mean)
  let term = Math.exp(-x)
  let below = term
  let sum = 0
  for (let j = 0; j < 400; j++) {
    sum += weight * (1 - below)
    weight *= mean / (j + 1)
    term *= x / (j + 1)
    below += term
  }
  return sum
}

/** P(gap <= g) for diag(m, 0) + W + W^*: gap^2 / 8 is noncentral chi-square with beta + 1 degrees. */
const gapLaw = (beta: Theory.Beta, m: number, g: number): number => {
  const [r, shift] = [g / Math.sqrt(8), m / Math.sqrt(8)]
  if (beta === 1) return rice(r, shift)
  const cdf = NormalDistribution.cdf
  return shift === 0
    ? 2 * cdf(r) - 1 - 2 * r * density(r)
    : cdf(r + shift) + cdf(r - shift) - 1 - (density(r - shift) - density(r + shift)) / shift
}

/** sup |F_n - F|. */
const deviation = (sample: Float64Array, law: (x: number) => number): number => {
  const sorted = sample.toSorted()
  const n = sorted.length
  return sorted.reduce((largest, x, i) => {
    const p = law(x)
    return Math.max(largest, Math.abs(p - i / n), Math.abs(p - (i + 1) / n))
  }, 0)
}

const movedGaps = (instance: Sampled, start: Float64Array, index: number, count: number) => {
  const stream = streamOf(instance.seed, "motion")
  return Float64Array.from({ length: count }, () => {
    const motion = Gaps.matrixMotion(start, instance.beta)
    Gaps.move(motion, 1, stream)
    return Gaps.gapsOf(Gaps.eigenvaluesOf(motion))[index]!
  })
}

/** S2: the law of a sample of `n` gaps against that with lengths multiplied by `factor`. */
export const twoMargin = (instance: Sampled, factor: number, n = 3000): number => {
  const { beta, m } = instance
  const sample = movedGaps(instance, Float64Array.of(m, 0), 0, n)
  const distance = deviation(sample, (g) => gapLaw(beta, m * factor, g * factor))
  return Margin.atMost(distance, Math.sqrt(Math.log(2 / falseAlarm) / (2 * n)))
}

export const gapOfTwo = claim<Sampled>({
  id: "dp-lowrank/gap-law-of-two",
  statement:
    "For d = 2, gap^2 / 8T is noncentral chi-square of m^2 / 8T, with 3 degrees of freedom for complex noise and 2 for real.",
  source: derived("exact law at d = 2"),
  instances: sampled(2, 2),
  margin: (instance) => twoMargin(instance, 1),
  controls: [
    {
      name: "the normalisation of (G + G^*) / 2",
      instances: sampled(2, 2),
      margin: (instance) => twoMargin(instance, 2),
    },
  ],
})

/** sup_x (F_M(x) - F_0(x)) of one gap. */
const excess = (moved: Float64Array, null_: Float64Array): number => {
  const [a, b] = [moved.toSorted(), null_.toSorted()]
  let j = 0
  return a.reduce((largest, x, i) => {
    while (j < b.length && b[j]! <= x) j++
    return Math.max(largest, (i + 1) / a.length - j / b.length)
  }, 0)
}

/** S3: the two distributions of one gap from `n` spectra each. */
export const dominanceMargin = (instance: Sampled, isSwapped: boolean, n = 1000): number => {
  const { beta, dimension: d, m, seed } = instance
  const start = Float64Array.from({ length: d }, (_, i) => -i * m)
  const index = seed % (d - 1)
  const moved = movedGaps(instance, start, index, n)
  const spectra = Gaps.sampleSpectra(n, d, beta, streamOf(seed, "still"))
  const still = Float64Array.from(
    { length: n },
    (_, k) => spectra[k * d + index]! - spectra[k * d + index + 1]!,
  )
  const found = isSwapped ? excess(still, moved) : excess(moved, still)
  return Margin.atMost(found, Math.sqrt(Math.log((d - 1) / falseAlarm) / n))
}

export const dominance = claim<Sampled>({
  id: "dp-lowrank/gap-dominance",
  statement: "For every Hermitian M, gap_i(M + E) stochastically dominates gap_i(E).",
  source: derived("corollary of Lemma 3"),
  instances: sampled(2, 12),
  margin: (instance) => dominanceMargin(instance, false),
  controls: [
    {
      name: "the other way round",
      instances: sampled(2, 12),
      margin: (instance) => dominanceMargin({ ...instance, m: 5 }, true),
    },
  ],
})

/** Spectra that are drawn at once. */
const block = 1000

/** How many of `n` spectra have gap i at most x_j / sqrt d, at j (d - 1) + i. */
const smallGaps = (
  { dimension: d, seed }: Sampled,
  beta: Theory.Beta,
  points: ReadonlyArray<number>,
  n: number,
): Uint32Array => {
  const stream = streamOf(seed, `gaps ${beta}`)
  const limits = points.map((x) => x / Math.sqrt(d))
  const found = new Uint32Array(points.length * (d - 1))
  for (let first = 0; first < n; first += block) {
    const spectra = Gaps.sampleSpectra(Math.min(block, n - first), d, beta, stream)
    for (let from = 0; from < spectra.length; from += d) {
      for (let i = 0; i + 1 < d; i++) {
        const gap = spectra[from + i]! - spectra[from + i + 1]!
        for (let j = 0; j < limits.length; j++) if (gap <= limits[j]!) found[j * (d - 1) + i]!++
      }
    }
  }
  return found
}

/** S4: every gap of `n` spectra with one noise, against the bound for another. */
export const tailMargin = (
  instance: Sampled,
  noise: Theory.Beta,
  bound: Theory.Beta,
  n = 10_000,
): number => {
  const points = [1, 2, 4]
  const gaps = instance.dimension - 1
  const failure = falseAlarm / (points.length * gaps)
  const counts = smallGaps(instance, noise, points, n)
  return Margin.all(
    ...Array.from(counts, (count, at) =>
      Margin.atMost(
        ClopperPearson.lower(count, n, failure),
        Theory.gapTailBound(bound, points[Math.floor(at / gaps)]!),
      ),
    ),
  )
}

export const gapTail = claim<Sampled>({
  id: "dp-lowrank/gap-tail",
  statement:
    "P(gap_i <= s / sqrt d) is at most s^3 / 100 for complex noise and s^2 / 10 for real, s = 1, 2, 4 and T = 1: Lemma 4 with b = 1 at these sizes.",
  source: derived("Lemma 4 without its hidden factor, measured up to d = 20"),
  instances: sampled(5, 20),
  margin: (instance) => tailMargin(instance, instance.beta, instance.beta),
  controls: [
    {
      name: "real noise under the complex bound",
      instances: sampled(5, 20),
      margin: (instance) => tailMargin(instance, 1, 2),
    },
  ],
})

/** The slope of log P(gap <= x) over all gaps of `n` spectra, between two small x. */
const slope = (instance: Sampled, beta: Theory.Beta, n: number): number => {
  const points = beta === 2 ? [1, 3] : [0.3, 1.2]
  const counts = smallGaps(instance, beta, points, n)
  const half = counts.length / 2
  const few = counts.subarray(0, half).reduce((sum, count) => sum + count, 0)
  const many = counts.subarray(half).reduce((sum, count) => sum + count, 0)
  return Math.log(many / few) / Math.log(points[1]! / points[0]!)
}

/** Curvature of the laws between the two points, and five standard errors of the slopes at `n` spectra of d = 10: both measured. */
const slopeTolerance = (n: number) => ({
  complex: 0.13 + 26 / Math.sqrt(n),
  real: 0.02 + 23 / Math.sqrt(n),
})

/** S5: the exponents, against ones that are larger by `shift`. */
export const slopeMargin = (instance: Sampled, shift: number, n = 20_000): number => {
  const [real, complex] = [slope(instance, 1, n), slope(instance, 2, n)]
  const tolerance = slopeTolerance(n)
  return Margin.all(
    Margin.equal(complex, 3 + shift, { absolute: tolerance.complex }),
    Margin.equal(real, 2 + shift, { absolute: tolerance.real }),
    Margin.atLeast(complex - real, 0.6),
  )
}

export const repulsion = claim<Sampled>({
  id: "dp-lowrank/repulsion-exponents",
  statement: "Small gaps have probability s^3 for complex noise and s^2 for real.",
  source: derived("exponents of Lemma 4, as slopes"),
  instances: sampled(10, 10),
  margin: (instance) => slopeMargin(instance, 0),
  controls: [
    {
      name: "exponents larger by one",
      instances: sampled(10, 10),
      margin: (instance) => slopeMargin(instance, 1),
    },
  ],
})
