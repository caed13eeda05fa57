/** Instances of the laws of eigenvalue gaps, and gaps of matrices that moved. Each trial draws its own sample; a true statement fails a trial with probability `falseAlarm`. */
import { Draw, type Given } from "@nonconvex/evidence"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type { RandomStream } from "@nonconvex/numerics/RandomStream"
import * as EigenvalueGaps from "../../eigenvalues/EigenvalueGaps.ts"
import { streamOf } from "./Structures.ts"

export const falseAlarm = 1e-9

export const sampled = (smallest: number, largest: number) =>
  Draw.record({
    dimension: Draw.integer(smallest, largest),
    beta: Draw.oneOf(1, 2),
    m: Draw.oneOf<number>(0, 1, 5),
    seed: Draw.seed(),
  })
export type Sampled = Draw.Drawn<ReturnType<typeof sampled>>

/** Spectra of a matrix with noise at T = 1, one after another. */
export const movedSpectra = (
  count: number,
  from: Float64Array,
  beta: Sampled["beta"],
  stream: RandomStream,
  kernels: Kernels,
): Float64Array => {
  const spectra = new Float64Array(count * from.length)
  for (let k = 0; k < count; k++) {
    const motion = EigenvalueGaps.matrixMotion(from, beta)
    EigenvalueGaps.move(motion, 1, stream)
    spectra.set(EigenvalueGaps.eigenvaluesOf(motion, kernels), k * from.length)
  }
  return spectra
}

export const movedGaps = (
  { beta, seed }: Sampled,
  { kernels }: Given,
  start: Float64Array,
  index: number,
  count: number,
) => {
  const spectra = movedSpectra(count, start, beta, streamOf(seed, "motion"), kernels)
  const at = (k: number): number => k * start.length + index
  return Float64Array.from({ length: count }, (_, k) => spectra[at(k)]! - spectra[at(k) + 1]!)
}

/** Counts the spectra whose gap i is at most x_j / sqrt d; the count is at index j (d - 1) + i of `found`. */
export const countSmallGaps = (
  spectra: Float64Array,
  d: number,
  points: ReadonlyArray<number>,
  found: Float64Array,
): void => {
  for (let from = 0; from < spectra.length; from += d) {
    for (let i = 0; i + 1 < d; i++) {
      const gap = (spectra[from + i]! - spectra[from + i + 1]!) * Math.sqrt(d)
      for (let j = 0; j < points.length; j++) if (gap <= points[j]!) found[j * (d - 1) + i]!++
    }
  }
}
