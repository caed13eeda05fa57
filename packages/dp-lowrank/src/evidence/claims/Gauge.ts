import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as LowRank from "../../components/LowRank.ts"
import { complexed, outputsOf } from "../support/Complexed.ts"
import { derived } from "../support/Paper.ts"

export const gauge = claim({
  id: "dp-lowrank/gauge",
  statement: "The signs of eigenvectors change no bit of a release.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("gauge invariance of projectors")),
  instances: complexed(),
  value: (_entry: number): boolean => true,
  margin: ({ instance, kernels, value: isNegated }) => {
    const { dimension, rank: k } = instance
    const low = LowRank.topK({ dimension, matrix: outputsOf(instance, { kernels }).re }, k, kernels)
    const changed = { ...low, vectors: low.vectors.map((x, i) => (isNegated(i) ? -x : x)) }
    const [one, other] = [LowRank.toMatrix(low), LowRank.toMatrix(changed)]
    return Margin.holds(one.every((x, i) => x === other[i]))
  },
  controls: [{ name: "the sign of one entry", value: (i) => i === 0 }],
})
