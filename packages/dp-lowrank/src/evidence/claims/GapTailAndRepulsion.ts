/** How rare small gaps are: the tail of Lemma 4, and its exponents. The margins take the size of their samples, as in GapLawOfTwo.ts. */
import { claim, type Given, Margin, parametrised } from "@nonconvex/evidence"
import * as ClopperPearson from "../../audit/ClopperPearson.ts"
import * as Gaps from "../../eigenvalues/Gaps.ts"
import * as GapLaws from "../../theory/GapLaws.ts"
import type * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { derived } from "../support/Paper.ts"
import { countSmallGaps, falseAlarm, type Sampled, sampled } from "../support/SampledGaps.ts"
import { streamOf } from "../support/Structures.ts"

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
): number => {
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
  source: derived("Lemma 4 without its hidden factor, measured up to d = 20"),
  instances: sampled(5, 20),
  margin: (instance, given) => tailMargin(instance, given, instance.beta, instance.beta),
  controls: [
    {
      name: "real noise under the complex bound",
      margin: (instance, given) => tailMargin(instance, given, 1, 2),
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
  return Math.log(many / few) / Math.log(points[1]! / points[0]!)
}

/** The exponents, against ones that are larger by `shift`. */
export const slopeMargin = (instance: Sampled, given: Given, shift: number, n = 20_000): number => {
  const [real, complex] = [slope(instance, given, 1, n), slope(instance, given, 2, n)]
  // curvature of the laws between the two points, and five standard errors of the slopes at n spectra of d = 10: both measured
  return Margin.all(
    Margin.equal(complex, 3 + shift, { absolute: 0.13 + 26 / Math.sqrt(n) }),
    Margin.equal(real, 2 + shift, { absolute: 0.02 + 23 / Math.sqrt(n) }),
    Margin.atLeast(complex - real, 0.6),
  )
}

export const repulsion = parametrised({
  id: "dp-lowrank/repulsion-exponents",
  statement: "Small gaps have probability s^3 for complex noise and s^2 for real.",
  source: derived("exponents of Lemma 4, as slopes"),
  instances: sampled(10, 10),
  margin: slopeMargin,
  holds: 0,
  fails: [["exponents larger by one", 1]],
})
