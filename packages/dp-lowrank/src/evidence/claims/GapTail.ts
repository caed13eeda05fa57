import { claim, type Given, Kind, Margin } from "@nonconvex/evidence"
import * as ClopperPearson from "../../audit/ClopperPearson.ts"
import * as GapLaws from "../../theory/GapLaws.ts"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { derived } from "../support/Paper.ts"
import { falseAlarm, type Sampled, sampled } from "../support/SampledGaps.ts"
import { smallGaps } from "../support/SmallGaps.ts"

/** Compares every gap of `n` spectra under one noise with the bound for another. */
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
    "For complex noise P(gap_i <= s / sqrt d) is at most s^3 / 100, and for real noise at most s^2 / 10, for s = 1, 2, 4 and T = 1. This is Lemma 4 with b = 1 at these sizes.",
  inFloatingPoint: "statistical",
  source: Kind.observation(derived("Lemma 4 without its hidden factor, measured up to d = 20")),
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
