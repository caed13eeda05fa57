import { claim, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as EigenvalueGaps from "../../eigenvalues/EigenvalueGaps.ts"
import { derived } from "../support/Paper.ts"
import { falseAlarm, movedGaps, type Sampled, sampled } from "../support/SampledGaps.ts"
import { streamOf } from "../support/Structures.ts"

/** sup_x (F_M(x) - F_0(x)) of one gap. */
const excess = (moved: Float64Array, null_: Float64Array): number => {
  const [a, b] = [moved.toSorted(), null_.toSorted()]
  let j = 0
  return a.reduce((largest, x, i) => {
    while (j < b.length && b[j]! <= x) j++
    return Math.max(largest, (i + 1) / a.length - j / b.length)
  }, 0)
}

/** One gap of `n` spectra with a matrix below the noise, and of `n` spectra without. */
export const pairedGaps = (instance: Sampled, given: Given, n = 1000) => {
  const { beta, dimension: d, m, seed } = instance
  const start = Float64Array.from({ length: d }, (_, i) => -i * m)
  const index = seed % (d - 1)
  const moved = movedGaps(instance, given, start, index, n)
  const spectra = EigenvalueGaps.sampleSpectra(n, d, beta, streamOf(seed, "still"), given.kernels)
  const gapAt = (at: number) => spectra[at]! - spectra[at + 1]!
  const still = Float64Array.from({ length: n }, (_, k) => gapAt(k * d + index))
  return { moved, still, d }
}

/** The two distributions of a gap. */
export const dominanceMargin = (
  { d, moved, still }: ReturnType<typeof pairedGaps>,
  isSwapped: boolean,
): Margin.Comparison => {
  const found = isSwapped ? excess(still, moved) : excess(moved, still)
  return Margin.atMost(found, Math.sqrt(Elementary.log((d - 1) / falseAlarm) / moved.length))
}

export const gapDominance = claim({
  id: "dp-lowrank/gap-dominance",
  statement: "For every Hermitian M, gap_i(M + E) stochastically dominates gap_i(E).",
  inFloatingPoint: "statistical",
  source: derived("corollary of Lemma 3"),
  instances: sampled(2, 12),
  margin: ({ instance, kernels }) => dominanceMargin(pairedGaps(instance, { kernels }), false),
  controls: [
    {
      name: "the other way round",
      margin: ({ instance, kernels }) =>
        dominanceMargin(pairedGaps({ ...instance, m: 5 }, { kernels }), true),
    },
  ],
})
