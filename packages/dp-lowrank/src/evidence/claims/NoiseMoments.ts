/** Mean squares of the idealised noise. The threshold holds at six standard errors or more: a false alarm in 1e9 trials. */
import { Draw, type Given, Margin, parametrised } from "@nonconvex/evidence"
import * as ComplexNoise from "../../noise/ComplexNoise.ts"
import { unsafeNoiseInto } from "../../noise/Idealised.ts"
import { derived } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

const scaled = Draw.record({ scale: Draw.logarithmic(1, 100), seed: Draw.seed() })
type Scaled = Draw.Drawn<typeof scaled>

/** Moments of `n` noises with the deviation `off` times the scale beside the diagonal. */
export const momentMargin = (
  { scale, seed }: Scaled,
  { kernels }: Given,
  off: number,
  n = 4000,
): number => {
  const stream = streamOf(seed, "noise")
  const real = new Float64Array(4)
  const zero = new Float64Array(4)
  const sums = new Float64Array(4)
  for (let k = 0; k < n; k++) {
    unsafeNoiseInto(zero, 2, scale, off * scale, stream, kernels, real)
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

export const moments = parametrised({
  id: "dp-lowrank/noise-moments",
  statement:
    "The noise has variance s^2 on the diagonal, s^2 / 2 off it in the real and in the imaginary part, and these are uncorrelated.",
  source: derived("isotropic noise in Frobenius-isometric coordinates"),
  instances: scaled,
  margin: momentMargin,
  holds: Math.SQRT1_2,
  fails: [["one variance on the whole upper triangle", 1]],
})
