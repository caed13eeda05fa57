/** The gaps of eigenvalues: their law, their tail, and their order under noise and along the flow. A trial of a law is one of a thousand, so its sample is small; `test/evidence/StatisticalLaws.test.ts` runs the margins at full size. */
import type { Given } from "@nonconvex/evidence"
import * as Gaps from "../../eigenvalues/Gaps.ts"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { countSmallGaps, type Sampled } from "./SampledGaps.ts"
import { streamOf } from "./Structures.ts"

/** Spectra that are drawn at once. */
const block = 1000

/** Counts, of `n` spectra, those whose gap i is at most x_j / sqrt d, at j (d - 1) + i. */
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
    const spectra = Gaps.sampleSpectra(Math.min(block, n - first), d, beta, stream, kernels)
    countSmallGaps(spectra, d, points, found)
  }
  return found
}
