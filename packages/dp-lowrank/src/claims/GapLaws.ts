/**
 * S2 to S5: laws of eigenvalue gaps. Each trial draws its own sample; a true statement fails a trial with probability 1e-9 (S2, S3, S4)
 * or at five standard errors (S5).
 */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import { NormalDistribution } from "@nonconvex/numerics"
import * as ClopperPearson from "../ClopperPearson.ts"
import * as Gaps from "../Gaps.ts"
import * as Theory from "../Theory.ts"
import { derived } from "./Paper.ts"
import { streamOf } from "./Structures.ts"

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

const gapOf = (instance: Sampled, start: Float64Array, index: number, count: number) => {
  const stream = streamOf(instance.seed, "motion")
  return Float64Array.from({ length: count }, () => {
    const motion = Gaps.matrixMotion(start, instance.beta)
    Gaps.move(motion, 1, stream)
    return Gaps.gapsOf(Gaps.eigenvaluesOf(motion))[index]!
  })
}

const twoMargin = (instance: Sampled, factor: number): number => {
  const n = 800
  const { beta, m } = instance
  const sample = gapOf(instance, Float64Array.of(m, 0), 0, n)
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

const dominanceMargin = (instance: Sampled, isSwapped: boolean): number => {
  const n = 300
  const { dimension: d, m, seed } = instance
  const start = Float64Array.from({ length: d }, (_, i) => -i * m)
  const index = seed % (d - 1)
  const moved = gapOf(instance, start, index, n)
  const still = gapOf({ ...instance, seed: seed ^ 1 }, new Float64Array(d), index, n)
  const found = isSwapped ? excess(still, moved) : excess(moved, still)
  return Margin.atMost(found, Math.sqrt(Math.log((d - 1) / falseAlarm) / n))
}

export const dominance = claim<Sampled>({
  id: "dp-lowrank/gap-dominance",
  statement: "For every Hermitian M, gap_i(M + E) stochastically dominates gap_i(E).",
  source: derived("corollary of Lemma 3"),
  instances: sampled(2, 6),
  margin: (instance) => dominanceMargin(instance, false),
  controls: [
    {
      name: "the other way round",
      instances: sampled(2, 6),
      margin: (instance) => dominanceMargin({ ...instance, m: 5 }, true),
    },
  ],
})

/** How many of `count` spectra have gap `index` at most x / sqrt d. */
const smallGaps = (
  { dimension: d, seed }: Sampled,
  beta: Theory.Beta,
  index: number,
  x: number,
  count: number,
): number => {
  const stream = streamOf(seed, `gaps ${beta}`)
  let found = 0
  for (let k = 0; k < count; k++) {
    const values = Gaps.sampleEigenvalues(d, beta, stream)
    if ((values[index]! - values[index + 1]!) * Math.sqrt(d) <= x) found++
  }
  return found
}

const tailMargin = (instance: Sampled, noise: Theory.Beta, bound: Theory.Beta): number => {
  const n = 1500
  const index = instance.seed % (instance.dimension - 1)
  return Margin.all(
    ...[1, 2, 4].map((x) => {
      const count = smallGaps(instance, noise, index, x, n)
      return Margin.atMost(
        ClopperPearson.lower(count, n, falseAlarm),
        Theory.gapTailBound(bound, x),
      )
    }),
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

/** The slope of log P(gap <= x) over all gaps of d = 8, between two small x. */
const slope = ({ seed }: Sampled, beta: Theory.Beta): number => {
  const d = 8
  const [low, high] = beta === 2 ? [1, 3] : [0.3, 1.2]
  const stream = streamOf(seed, `slope ${beta}`)
  let [few, many] = [0, 0]
  for (let k = 0; k < 2500; k++) {
    const values = Gaps.sampleEigenvalues(d, beta, stream)
    for (let i = 0; i + 1 < d; i++) {
      const gap = (values[i]! - values[i + 1]!) * Math.sqrt(d)
      if (gap <= high) many++
      if (gap <= low) few++
    }
  }
  return Math.log(many / few) / Math.log(high / low)
}

const slopeMargin = (instance: Sampled, shift: number): number => {
  const [real, complex] = [slope(instance, 1), slope(instance, 2)]
  return Margin.all(
    Margin.equal(complex, 3 + shift, { absolute: 0.7 }),
    Margin.equal(real, 2 + shift, { absolute: 0.5 }),
    Margin.atLeast(complex - real, 0.3),
  )
}

export const repulsion = claim<Sampled>({
  id: "dp-lowrank/repulsion-exponents",
  statement: "Small gaps have probability s^3 for complex noise and s^2 for real.",
  source: derived("exponents of Lemma 4, as slopes"),
  instances: sampled(8, 8),
  margin: (instance) => slopeMargin(instance, 0),
  controls: [
    {
      name: "exponents larger by one",
      instances: sampled(8, 8),
      margin: (instance) => slopeMargin(instance, 1),
    },
  ],
})
