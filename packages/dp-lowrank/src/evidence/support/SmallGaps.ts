/**
 * Gaps of eigenvalues: their distribution, their tail, and their order under noise and along the flow. A law runs a thousand
 * trials, so each uses a small sample; `test/evidence/StatisticalLaws.test.ts` runs the margins at full size.
 */
import type { Given } from "@nonconvex/evidence"
import * as EigenvalueGaps from "../../eigenvalues/EigenvalueGaps.ts"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { countSmallGaps, type Sampled } from "./SampledGaps.ts"
import { streamOf } from "./Structures.ts"

/** Spectra that are drawn at once. */
const block = 1000

/** Counts, among `n` spectra, those whose gap i is at most x_j / sqrt d; the count is at index j (d - 1) + i. */
export const smallGaps = (
  { dimension: d, seed }: Sampled,
  { kernels }: Given,
  beta: NoiseEnsemble.Beta,
  points: ReadonlyArray<number>,
  n: number,
): Float64Array => {
  const stream = streamOf(seed, `gaps ${beta}`)
  const found = new Float64Array(points.length * (d - 1))
  for (let first = 0; first < n; first += block) {
    const spectra = EigenvalueGaps.sampleSpectra(
      Math.min(block, n - first),
      d,
      beta,
      stream,
      kernels,
    )
    countSmallGaps(spectra, d, points, found)
  }
  return found
}
