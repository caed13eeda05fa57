import { claim, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as GapLaws from "../../theory/GapLaws.ts"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { derived } from "../support/Paper.ts"
import { type Sampled, sampled } from "../support/SampledGaps.ts"
import { smallGaps } from "../support/SmallGaps.ts"

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

/** Compares the exponents with ones larger by `shift`. */
export const slopeMargin = (
  { complex, n, real }: ReturnType<typeof slopes>,
  shift: number,
): Margin.Comparison => {
  // curvature of the laws between the two points, and five standard errors of the slopes at n spectra of d = 10: both measured
  return Margin.all(
    Margin.equal(complex, 3 + shift, { absolute: 0.13 + 26 / Math.sqrt(n) }),
    Margin.equal(real, 2 + shift, { absolute: 0.02 + 23 / Math.sqrt(n) }),
    Margin.of(
      "exponent of complex noise minus that of real noise",
      Margin.atLeast(complex - real, 0.6),
    ),
  )
}

/**
 * Law in the bulk, from gaps in units of their mean. It is pi^2 s^3 / 9 and pi^2 s^2 / 12 for small s (Gaudin, as recalled).
 */
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

export const repulsionExponents = claim({
  id: "dp-lowrank/repulsion-exponents",
  statement:
    "Small gaps have probability s^3 for complex noise and s^2 for real: in the bulk s^3 / (72 pi) and s^2 / 24, from Gaudin's laws at the density of the semicircle.",
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
