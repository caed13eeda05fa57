import { claim, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import { complexed, outputsOf, rankOf } from "../support/Complexed.ts"
import { corrected } from "../support/Paper.ts"
import { rankMargin } from "../support/RealPartRank.ts"

export const rankOfTheRealPart = claim({
  id: "dp-lowrank/rank-of-the-real-part",
  statement:
    "Y = Re M-hat_k has rank 2k; its own top k has rank k, and is at most twice as far from M_k.",
  inFloatingPoint: "spectrum",
  source: corrected("Theorem 1 and Algorithm 1, rank of the output"),
  instances: complexed(),
  margin: ({ instance, kernels }) => {
    const { exact, real, realRankK } = outputsOf(instance, { kernels })
    const { dimension, rank: k } = instance
    const released = LowRank.toMatrix(realRankK)
    return Margin.all(
      Margin.holds(rankOf(real, dimension, { kernels }) === 2 * k),
      Margin.holds(rankOf(released, dimension, { kernels }) === k),
      Margin.atMost(Vector.distance(released, exact), 2 * Vector.distance(real, exact), 1e-9),
    )
  },
  controls: [
    {
      name: "rank k, as printed",
      margin: ({ instance, kernels }) => rankMargin(instance, { kernels }),
    },
  ],
})
