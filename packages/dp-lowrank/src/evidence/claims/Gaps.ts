/** The gaps of eigenvalues: their law, their tail, and their order under noise and along the flow. A trial of a law is one of a thousand, so its sample is small; `test/evidence/StatisticalLaws.test.ts` runs the margins at full size. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as NormalDistribution from "@nonconvex/numerics/NormalDistribution"
import * as ClopperPearson from "../../audit/ClopperPearson.ts"
import * as DysonBrownianMotion from "../../eigenvalues/DysonBrownianMotion.ts"
import * as Gaps from "../../eigenvalues/Gaps.ts"
import * as GapLaws from "../../theory/GapLaws.ts"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { derived } from "../support/Paper.ts"
import {
  countSmallGaps,
  falseAlarm,
  movedGaps,
  sampled,
  type Sampled,
} from "../support/SampledGaps.ts"
import { plus, streamOf } from "../support/Structures.ts"

const density = (x: number): number => Elementary.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)

/** P(chi_2(shift) <= r), the Rice law, as a Poisson mixture. */
const rice = (r: number, shift: number): number => {
  const [mean, x] = [(shift * shift) / 2, (r * r) / 2]
  let weight = Elementary.exp(-mean)
  let term = Elementary.exp(-x)
  let below = term
  let sum = 0
  for (let j = 0; j < 400; j++) {
    sum += weight * (1 - below)
    // all that follows is less than the last weight
    if (j > mean && sum + weight === sum) break
    weight *= mean / (j + 1)
    term *= x / (j + 1)
    below += term
  }
  return sum
}

/** P(gap <= g) for diag(m, 0) + W + W^*: gap^2 / 8 is noncentral chi-square with beta + 1 degrees. */
const gapLaw = (beta: NoiseEnsemble.Beta, m: number, g: number): number => {
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

/** The gaps of `n` pairs of eigenvalues. */
export const gapsOfTwo = (instance: Sampled, given: Given, n = 3000): Float64Array =>
  movedGaps(instance, given, Float64Array.of(instance.m, 0), 0, n)

/** The law of a sample of gaps against that with lengths multiplied by `factor`. */
export const twoMargin = (
  { beta, m }: Sampled,
  sample: Float64Array,
  factor: number,
): Margin.Comparison => {
  const distance = deviation(sample, (g) => gapLaw(beta, m * factor, g * factor))
  return Margin.atMost(distance, Math.sqrt(Elementary.log(2 / falseAlarm) / (2 * sample.length)))
}

export const gapOfTwo = claim({
  id: "dp-lowrank/gap-law-of-two",
  statement:
    "For d = 2, gap^2 / 8T is noncentral chi-square of m^2 / 8T, with 3 degrees of freedom for complex noise and 2 for real.",
  inFloatingPoint: "statistical",
  source: derived("exact law at d = 2"),
  instances: sampled(2, 2),
  value: 1,
  margin: ({ instance, kernels, value: factor }) =>
    twoMargin(instance, gapsOfTwo(instance, { kernels }), factor),
  controls: [{ name: "the normalisation of (G + G^*) / 2", value: 2 }],
})

/** Spectra that are drawn at once. */
const block = 1000

/** How many of `n` spectra have gap i at most x_j / sqrt d, at j (d - 1) + i. */
const smallGaps = (
  { dimension: d, seed }: Sampled,
  { kernels }: Given,
  beta: NoiseEnsemble.Beta,
  points: ReadonlyArray<number>,
  n: number,
): Float64Array => {
  const stream = streamOf(seed, `gaps ${beta}`)
  const found = new Float64Array(points.length * (d - 1))
  for (let first = 0; first < n; first += block) {
    const spectra = Gaps.sampleSpectra(Math.min(block, n - first), d, beta, stream, kernels)
    countSmallGaps(spectra, d, points, found)
  }
  return found
}

/** Every gap of `n` spectra with one noise, against the bound for another. */
export const tailMargin = (
  instance: Sampled,
  given: Given,
  noise: NoiseEnsemble.Beta,
  bound: NoiseEnsemble.Beta,
  n = 10_000,
): Margin.Comparison => {
  const points = [1, 2, 4]
  const gaps = instance.dimension - 1
  const failure = falseAlarm / (points.length * gaps)
  const counts = smallGaps(instance, given, noise, points, n)
  const margins = Array.from(counts, (count, at) => {
    const allowed = GapLaws.gapTailBound(bound, points[Math.floor(at / gaps)]!)
    return Margin.atMost(ClopperPearson.lower(count, n, failure), allowed)
  })
  return Margin.all(...margins)
}

export const gapTail = claim({
  id: "dp-lowrank/gap-tail",
  statement:
    "P(gap_i <= s / sqrt d) is at most s^3 / 100 for complex noise and s^2 / 10 for real, s = 1, 2, 4 and T = 1: Lemma 4 with b = 1 at these sizes.",
  inFloatingPoint: "statistical",
  source: derived("Lemma 4 without its hidden factor, measured up to d = 20"),
  instances: sampled(5, 20),
  margin: ({ instance, kernels }) =>
    tailMargin(instance, { kernels }, instance.beta, instance.beta),
  controls: [
    {
      name: "real noise under the complex bound",
      margin: ({ instance, kernels }) => tailMargin(instance, { kernels }, 1, 2),
    },
  ],
})

/** The slope of log P(gap <= x) over all gaps of `n` spectra, between two small x. */
const slope = (instance: Sampled, given: Given, beta: NoiseEnsemble.Beta, n: number): number => {
  const points = beta === 2 ? [1, 3] : [0.3, 1.2]
  const counts = smallGaps(instance, given, beta, points, n)
  const half = counts.length / 2
  const few = counts.subarray(0, half).reduce((sum, count) => sum + count, 0)
  const many = counts.subarray(half).reduce((sum, count) => sum + count, 0)
  return Elementary.log(many / few) / Elementary.log(points[1]! / points[0]!)
}

/** The slopes of `n` spectra with either noise. */
export const slopes = (instance: Sampled, given: Given, n = 20_000) => ({
  real: slope(instance, given, 1, n),
  complex: slope(instance, given, 2, n),
  n,
})

/** The exponents, against ones that are larger by `shift`. */
export const slopeMargin = (
  { complex, n, real }: ReturnType<typeof slopes>,
  shift: number,
): Margin.Comparison => {
  // curvature of the laws between the two points, and five standard errors of the slopes at n spectra of d = 10: both measured
  return Margin.all(
    Margin.equal(complex, 3 + shift, { absolute: 0.13 + 26 / Math.sqrt(n) }),
    Margin.equal(real, 2 + shift, { absolute: 0.02 + 23 / Math.sqrt(n) }),
    Margin.atLeast(complex - real, 0.6),
  )
}

/** The law in the bulk, from that of gaps in units of their mean: pi^2 s^3 / 9 and pi^2 s^2 / 12, where s is small (Gaudin, as recalled). */
const bulkMargin = ({ beta, dimension: d }: Sampled, shift: number): Margin.Comparison => {
  const edge = NoiseEnsemble.noiseEdge(NoiseEnsemble.ensembleVariance(beta, 1), d)
  // of a semicircle in its middle
  const perLength = (2 * d) / (Math.PI * edge)
  const margins = [0.1, 1, 2].map((x) => {
    const s = (x / Math.sqrt(d)) * perLength
    const law =
      (Elementary.square(Math.PI) / (beta === 2 ? 9 : 12)) * Elementary.pow(s, beta + 1 + shift)
    return Margin.equal(GapLaws.bulkGapProbability(beta, x), law, { relative: 1e-9 })
  })
  return Margin.all(...margins)
}

export const repulsion = claim({
  id: "dp-lowrank/repulsion-exponents",
  statement:
    "Small gaps have probability s^3 for complex noise and s^2 for real: in the bulk s^3 / (72 pi) and s^2 / 24, what Gaudin's laws are at the density of the semicircle.",
  inFloatingPoint: "statistical",
  source: derived("exponents of Lemma 4, as slopes"),
  instances: sampled(10, 10),
  value: 0,
  margin: ({ instance, kernels, value: shift }) =>
    Margin.all(bulkMargin(instance, shift), slopeMargin(slopes(instance, { kernels }), shift)),
  controls: [
    { name: "exponents larger by one", value: 1 },
    {
      name: "slopes larger by one",
      margin: ({ instance, kernels }) => slopeMargin(slopes(instance, { kernels }), 1),
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

/** One gap of `n` spectra with a matrix below the noise, and of as many without. */
export const pairedGaps = (instance: Sampled, given: Given, n = 1000) => {
  const { beta, dimension: d, m, seed } = instance
  const start = Float64Array.from({ length: d }, (_, i) => -i * m)
  const index = seed % (d - 1)
  const moved = movedGaps(instance, given, start, index, n)
  const spectra = Gaps.sampleSpectra(n, d, beta, streamOf(seed, "still"), given.kernels)
  const gapAt = (at: number) => spectra[at]! - spectra[at + 1]!
  const still = Float64Array.from({ length: n }, (_, k) => gapAt(k * d + index))
  return { moved, still, d }
}

/** The two distributions of a gap. */
export const dominanceMargin = (
  { d, moved, still }: ReturnType<typeof pairedGaps>,
  isSwapped: boolean,
): Margin.Comparison => {
  const found = isSwapped ? excess(still, moved) : excess(moved, still)
  return Margin.atMost(found, Math.sqrt(Elementary.log((d - 1) / falseAlarm) / moved.length))
}

export const dominance = claim({
  id: "dp-lowrank/gap-dominance",
  statement: "For every Hermitian M, gap_i(M + E) stochastically dominates gap_i(E).",
  inFloatingPoint: "statistical",
  source: derived("corollary of Lemma 3"),
  instances: sampled(2, 12),
  margin: ({ instance, kernels }) => dominanceMargin(pairedGaps(instance, { kernels }), false),
  controls: [
    {
      name: "the other way round",
      margin: ({ instance, kernels }) =>
        dominanceMargin(pairedGaps({ ...instance, m: 5 }, { kernels }), true),
    },
  ],
})

/** `wider` says by how much the gaps of the second start are. */
const paths = (timeStep = Draw.logarithmic(1, 1e-3)) =>
  Draw.record({
    dimension: Draw.integer(2, 8),
    beta: Draw.oneOf(1, 2),
    timeStep,
    steps: Draw.integer(1, 10),
    wider: Draw.linear(1, 0),
    seed: Draw.seed(),
  })
type Path = Draw.Drawn<ReturnType<typeof paths>>

/** Descending starts; every gap of the second is at least that of the first. */
const starts = ({ dimension, seed, wider }: Path) => {
  const stream = streamOf(seed, "start")
  const narrow = new Float64Array(dimension)
  const wide = new Float64Array(dimension)
  for (let i = 1; i < dimension; i++) {
    const gap = stream.uniform() < 0.3 ? 0 : stream.uniform()
    narrow[i] = narrow[i - 1]! - gap
    wide[i] = wide[i - 1]! - gap - wider * stream.uniform()
  }
  return { narrow, wide }
}

type Step = (flow: DysonBrownianMotion.DysonBrownianMotion, normals: Float64Array) => void

const follow = (
  instance: Path,
  start: Float64Array,
  step: Step = DysonBrownianMotion.step,
  sign = 1,
) => {
  const { beta, dimension, seed, steps, timeStep } = instance
  const flow = DysonBrownianMotion.make(start, { beta, timeStep })
  const stream = streamOf(seed, "noise")
  const normals = new Float64Array(dimension)
  for (let k = 0; k < steps; k++) {
    stream.fillNormal(normals)
    step(flow, sign === 1 ? normals : normals.map((x) => -x).toReversed())
  }
  return flow.position
}

/** Explicit Euler at the same coefficients. */
const explicit: Step = (flow, normals) => {
  const { beta, dimension, position, timeStep, variance } = flow
  const scale = Math.sqrt((2 * variance * timeStep) / beta)
  const next = position.map((x, i) => {
    let drift = 0
    for (let j = 0; j < dimension; j++) if (position[j] !== x) drift += 1 / (x - position[j]!)
    return x + scale * normals[i]! + variance * timeStep * drift
  })
  position.set(next)
}

export const gapMonotone = claim({
  id: "dp-lowrank/gap-comparison",
  statement:
    "Under one noise, wider initial gaps stay wider (Lemma 3): exactly so for implicit Euler, which also keeps the order.",
  inFloatingPoint: "agreement",
  source: derived("Lemma 3, for the discrete scheme"),
  instances: paths(),
  value: DysonBrownianMotion.step,
  margin: ({ instance, value: step }) => {
    const { narrow, wide } = starts(instance)
    const [a, b] = [follow(instance, narrow, step), follow(instance, wide, step)]
    const [small, large] = [Gaps.gapsOf(a), Gaps.gapsOf(b)]
    return Margin.holds(small.every((gap, i) => gap > 0 && large[i]! >= gap - 1e-9))
  },
  controls: [{ name: "explicit Euler", value: explicit, instances: paths(Draw.linear(1, 0.2)) }],
})

export const symmetries = claim({
  id: "dp-lowrank/dyson-symmetries",
  statement:
    "The flow commutes with translations and with the reflection x -> -x, and (x, t) -> (c x, c^2 t) scales its paths.",
  inFloatingPoint: "agreement",
  source: derived("invariances of Dyson Brownian motion"),
  instances: paths(),
  value: 2,
  /** `power` is that of lengths in times. */
  margin: ({ instance, value: power }) => {
    const { narrow } = starts(instance)
    const position = follow(instance, narrow)
    const tolerance = { absolute: 1e-8 * (1 + Math.abs(position[0]!) + Math.abs(position.at(-1)!)) }
    const [further, opposed] = [narrow.map((x) => x + 3), narrow.map((x) => -x).toReversed()]
    const shifted = follow(instance, further)
    const reflected = follow(instance, opposed, DysonBrownianMotion.step, -1)
    const c = 2
    const later = { ...instance, timeStep: instance.timeStep * Elementary.pow(c, power) }
    const scaled = follow(later, plus(narrow, narrow))
    const n = position.length
    const margins = Array.from(position, (x, i) => [
      Margin.equal(shifted[i]!, x + 3, tolerance),
      Margin.equal(-reflected[n - 1 - i]!, x, tolerance),
      Margin.equal(scaled[i]!, c * x, tolerance),
    ])
    return Margin.all(...margins.flat())
  },
  controls: [{ name: "time scaled by c", value: 1 }],
})
