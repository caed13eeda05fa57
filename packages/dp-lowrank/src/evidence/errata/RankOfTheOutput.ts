import { erratum } from "@nonconvex/evidence"
import { complexed } from "../support/Complexed.ts"
import { printed } from "../support/Paper.ts"
import { at } from "../support/PrintedPlace.ts"
import { rankCounterexample } from "../support/RankCounterexample.ts"
import { rankMargin } from "../support/RealPartRank.ts"

const rank = erratum({
  id: "dp-lowrank/rank-of-the-output",
  statement: "The output Y = Re(V S_k V^*) of Algorithm 1 has rank at most k.",
  source: printed("Theorem 1 and its proof"),
  class: "theorem false",
  read: at("Theorem 1 and its proof"),
  instances: complexed(),
  margin: ({ instance, kernels }) => rankMargin(instance, { kernels }),
  exact: rankCounterexample,
  corrected: "dp-lowrank/rank-of-the-real-part",
  explanation:
    "Re(v v^*) for v = (1, i) / sqrt 2 is I / 2, of rank 2; Y has rank 2k. Its own top k has rank k and is as near to M_k.",
})

export const rankOfTheOutput = rank
