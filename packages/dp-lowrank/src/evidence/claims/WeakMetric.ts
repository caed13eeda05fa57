/** Appendix H: the excess error in the norm, and in its square, at any level of the spectrum. */
import { claim, Draw, Margin, type Given } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as ComplexNoise from "../../noise/ComplexNoise.ts"
import { corrected } from "../support/Paper.ts"
import { conjugated, plus, realNoise, streamOf } from "../support/Structures.ts"

interface Level {
  readonly level: number
  readonly seed: number
}

export const levels = (level = Draw.oneOf(0, 10, 100, 1000, 10_000)) =>
  Draw.record<Level>({ level, seed: Draw.seed() })

/** |M-hat_k - M|_F against |M_k - M|_F over kdT or its root, at d = 20, k = 3, spectrum L + [0, 4 sqrt d]; the mean of 10 draws. */
export const weakMetricMargin = (
  { level, seed }: Level,
  { kernels }: Given,
  power: 1 | 2,
  limit: number,
): number => {
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
    const { complex } = ComplexNoise.complexOutputs({ dimension: d, matrix: re }, im, k, kernels)
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
  margin: (instance, given) => weakMetricMargin(instance, given, 1, 3),
  controls: [
    {
      name: "squared, as printed",
      instances: levels(Draw.oneOf(10_000, 1000)),
      margin: (instance, given) => weakMetricMargin(instance, given, 2, 30),
    },
  ],
})
