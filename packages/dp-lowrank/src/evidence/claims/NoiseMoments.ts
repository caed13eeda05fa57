import { claim, Draw, type Given, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as ComplexNoise from "../../noise/ComplexNoise.ts"
import { unsafeNoiseInto } from "../../noise/Idealised.ts"
import { derived } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

const scaled = Draw.record({ scale: Draw.logarithmic(1, 100), seed: Draw.seed() })

type Scaled = Draw.Drawn<typeof scaled>

/** Moments of `n` noise matrices, whose standard deviation off the diagonal is `off` times the scale. */
export const momentMargin = (
  { scale, seed }: Scaled,
  { kernels }: Given,
  off: number,
  n = 4000,
): Margin.Comparison => {
  const stream = streamOf(seed, "noise")
  const real = new Float64Array(4)
  const zero = new Float64Array(4)
  const sums = new Float64Array(4)
  for (let k = 0; k < n; k++) {
    unsafeNoiseInto(zero, 2, scale, off * scale, stream, kernels, real)
    const im = ComplexNoise.imaginaryNoise(2, Math.SQRT1_2 * scale, stream)
    sums[0]! += Elementary.square(real[0]! / scale) / n
    sums[1]! += (2 * Elementary.square(real[1]! / scale)) / n
    sums[2]! += (2 * Elementary.square(im[1]! / scale)) / n
    sums[3]! += (2 * real[1]! * im[2]!) / (scale * scale) / n
  }
  return Margin.all(
    ...[0, 1, 2].map((i) => Margin.equal(sums[i]!, 1, { absolute: 6.5 * Math.sqrt(2 / n) })),
    Margin.equal(sums[3]!, 0, { absolute: 6.5 / Math.sqrt(n) }),
  )
}

/** Margin of the statement that the noise is one normal per entry of the lower triangle, by rows, in any layout. */
const orderMargin = ({ scale, seed }: Scaled, { kernels }: Given): Margin.Comparison => {
  const margins = [1, 3, 4, 7, 8, 13].map((d) => {
    const matrix = streamOf(seed, "matrix").normals(d * d)
    const written = new Float64Array(d * d)
    unsafeNoiseInto(matrix, d, 2 * scale, scale, streamOf(seed, "order"), kernels, written)
    const normals = streamOf(seed, "order").normals((d * (d + 1)) / 2)
    let next = 0
    let isSame = true
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        const value = matrix[i * d + j]! + (i === j ? 2 : 1) * scale * normals[next++]!
        isSame &&= written[i * d + j] === value && written[j * d + i] === value
      }
    }
    return Margin.holds(isSame)
  })
  return Margin.all(...margins)
}

/** Number of normals among which two would coincide if each used one 32-bit word; with two words this has probability 1e-9. */
const many = 2 ** 16

/** Tests whether normals are as fine as float64: no two of many are equal. */
const areFine = (seed: number): boolean =>
  new Set(streamOf(seed, "normals").normals(many)).size === many

export const noiseMoments = claim({
  id: "dp-lowrank/noise-moments",
  statement:
    "The noise has variance s^2 on the diagonal, s^2 / 2 off it in the real and in the imaginary part, and these are uncorrelated; it is drawn by the rows of the lower triangle.",
  inFloatingPoint: "statistical",
  extent: { dimension: 13 },
  source: Kind.identity(derived("isotropic noise in Frobenius-isometric coordinates")),
  instances: scaled,
  value: Math.SQRT1_2,
  margin: ({ instance, kernels, value: off }) =>
    Margin.all(
      momentMargin(instance, { kernels }, off),
      orderMargin(instance, { kernels }),
      Margin.holds(areFine(instance.seed)),
    ),
  controls: [{ name: "one variance on the whole upper triangle", value: 1 }],
})
