import { claim, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as NormalDistribution from "@nonconvex/numerics/NormalDistribution"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { derived } from "../support/Paper.ts"
import { falseAlarm, movedGaps, type Sampled, sampled } from "../support/SampledGaps.ts"

const density = (x: number): number => Elementary.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)

/** Rice distribution function P(chi_2(shift) <= r), as a Poisson mixture. */
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

export const gapLawOfTwo = claim({
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
