import { Exact, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as LowRank from "../../components/LowRank.ts"
import { type Gapped, gappedPair } from "./Gapped.ts"

/** Weyl step of the paper: noise of norm up to the gap preserves the order of sigma_k and sigma_{k+1}. */
export const orderMargin = (instance: Gapped, given: Given, factor: number): Margin.Comparison => {
  const { dimension: d, rank } = instance
  const { matrix, spectrum } = gappedPair({ ...instance, direction: "swap", noise: 0 }, given)
  const norm = factor * (spectrum[rank - 1]! - spectrum[rank]!)
  matrix[(rank - 1) * (d + 1)]! -= norm
  matrix[rank * (d + 1)]! += norm
  const top = LowRank.topK({ dimension: d, matrix }, rank, given.kernels)
  // whether e_k is still among the top k
  const share = top.values.reduce(
    (sum, _, k) => sum + Elementary.square(top.vectors[k * d + rank - 1]!),
    0,
  )
  return Margin.of("share of the k-th direction that is kept", Margin.atLeast(share, 0.5))
}

/** Comparison of `orderMargin`: the diagonal entry of e_k with the k-th largest of the others. */
export const exactOrder = (instance: Gapped, given: Given, factor: number): Exact.Compared => {
  const { rank } = instance
  const { spectrum } = gappedPair({ ...instance, direction: "swap", noise: 0 }, given)
  const entries = Array.from(spectrum, Exact.of)
  const gap = Exact.subtract(entries[rank - 1]!, entries[rank]!)
  const norm = Exact.multiply(Exact.of(factor), gap)
  const own = Exact.subtract(entries[rank - 1]!, norm)
  const others = entries
    .map((x, i) => (i === rank ? Exact.add(x, norm) : x))
    .filter((_, i) => i !== rank - 1)
    .toSorted((a, b) => Exact.compare(b, a) ?? 0)
  return Exact.atLeast(own, others[rank - 1]!)
}
