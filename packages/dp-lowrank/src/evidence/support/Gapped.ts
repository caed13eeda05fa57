/** Matrix with a gap in its spectrum, and noise of a given exact norm. */
import { Draw, type Given } from "@nonconvex/evidence"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { conjugated, realNoise, streamOf } from "./Structures.ts"

export const spectralNorm = (matrix: Float64Array, n: number, { kernels }: Given): number =>
  Vector.maxAbs(SymmetricEigen.eigenvalues(matrix, n, kernels))

/** `noise` is its norm in units of the gap. */
export const gapped = (noise = Draw.linear(0.25, 0.001)) =>
  Draw.record({
    dimension: Draw.integer(3, 10),
    rank: Draw.oneOf(1, 2),
    tail: Draw.linear(0, 1),
    noise,
    direction: Draw.oneOf("swap", "random"),
    seed: Draw.seed(),
  })
export type Gapped = Draw.Drawn<ReturnType<typeof gapped>>

/** diag(tail + 1, ..., tail, 0, ...), with noise of the exact norm: random, or the noise that turns e_k into e_{k+1}. */
export const gappedPair = (
  { dimension: d, direction, noise, rank, seed, tail }: Gapped,
  given: Given,
) => {
  const spectrum = Float64Array.from({ length: d }, (_, i) =>
    i < rank ? tail + 1 + 0.2 * (rank - 1 - i) : i === rank ? tail : 0,
  )
  const error = new Float64Array(d * d)
  if (direction === "swap") {
    error[(rank - 1) * d + rank] = noise
    error[rank * d + rank - 1] = noise
  } else {
    const random = realNoise(d, 1, streamOf(seed, "noise"))
    const norm = spectralNorm(random, d, given)
    random.forEach((x, i) => (error[i] = (noise * x) / norm))
  }
  return { spectrum, matrix: conjugated(spectrum), error }
}
