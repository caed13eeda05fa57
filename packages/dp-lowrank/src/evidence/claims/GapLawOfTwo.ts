/** The exact law of the gap of two eigenvalues. A trial is one of a thousand, so its sample is small; `test/evidence/StatisticalLaws.test.ts` runs the margin at full size. */
import { type Given, Margin, parametrised } from "@nonconvex/evidence"
import * as NormalDistribution from "@nonconvex/numerics/NormalDistribution"
import type * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { derived } from "../support/Paper.ts"
import { falseAlarm, movedGaps, type Sampled, sampled } from "../support/SampledGaps.ts"

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

/** The law of a sample of `n` gaps against that with lengths multiplied by `factor`. */
export const twoMargin = (instance: Sampled, given: Given, factor: number, n = 3000): number => {
  const { beta, m } = instance
  const sample = movedGaps(instance, given, Float64Array.of(m, 0), 0, n)
  const distance = deviation(sample, (g) => gapLaw(beta, m * factor, g * factor))
  return Margin.atMost(distance, Math.sqrt(Math.log(2 / falseAlarm) / (2 * n)))
}

export const gapOfTwo = parametrised({
  id: "dp-lowrank/gap-law-of-two",
  statement:
    "For d = 2, gap^2 / 8T is noncentral chi-square of m^2 / 8T, with 3 degrees of freedom for complex noise and 2 for real.",
  source: derived("exact law at d = 2"),
  instances: sampled(2, 2),
  margin: twoMargin,
  holds: 1,
  fails: [["the normalisation of (G + G^*) / 2", 2]],
})
