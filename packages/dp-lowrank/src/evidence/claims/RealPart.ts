/** The real part of the complex output: its distance from the exact matrix, and its rank. */
import { claim, Margin, type Given } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import { complexed, type Complexed, distancesOf, outputsOf, rankOf } from "../support/Complexed.ts"
import { corrected } from "../support/Paper.ts"

export const realPart = claim({
  id: "dp-lowrank/real-part-is-no-further",
  statement:
    "|M-hat_k - M_k|_F^2 = |Y - M_k|_F^2 + |Im M-hat_k|_F^2: the real part is never further from M_k than the complex matrix (the paper has a factor 2).",
  source: corrected("proof of Theorem 1, the factor 2"),
  instances: complexed(),
  margin: (instance, given) => {
    const { imaginary, real, whole } = distancesOf(instance, given)
    return Margin.all(
      Margin.equal(Math.hypot(real, imaginary), whole, { relative: 1e-9 }),
      Margin.atMost(real, whole, 1e-12),
    )
  },
  controls: [
    {
      name: "no imaginary part",
      margin: (instance, given) => {
        const { real, whole } = distancesOf(instance, given)
        return Margin.equal(real, whole, { relative: 1e-9 })
      },
    },
  ],
})

/** That Y has rank k at most, which it has not. */
export const rankMargin = (instance: Complexed, given: Given): number => {
  const { real } = outputsOf(instance, given)
  return Margin.holds(rankOf(real, instance.dimension, given) <= instance.rank)
}

export const rank = claim({
  id: "dp-lowrank/rank-of-the-real-part",
  statement:
    "Y = Re M-hat_k has rank 2k; its own top k has rank k, and is at most twice as far from M_k.",
  source: corrected("Theorem 1 and Algorithm 1, rank of the output"),
  instances: complexed(),
  margin: (instance, given) => {
    const { exact, real, realRankK } = outputsOf(instance, given)
    const { dimension, rank: k } = instance
    const released = LowRank.toMatrix(realRankK)
    return Margin.all(
      Margin.holds(rankOf(real, dimension, given) === 2 * k),
      Margin.holds(rankOf(released, dimension, given) === k),
      Margin.atMost(Vector.distance(released, exact), 2 * Vector.distance(real, exact), 1e-9),
    )
  },
  controls: [{ name: "rank k, as printed", margin: rankMargin }],
})
