/** Keeping the top k of a real matrix, which no sign of an eigenvector changes. */
import { claim, type Given, Margin, parametrised } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import { complexed, outputsOf } from "../support/Complexed.ts"
import { derived } from "../support/Paper.ts"
import { expand, type Spiked, spiked } from "../support/Structures.ts"

const truncationMargin = (instance: Spiked, { kernels }: Given, lost: number): number => {
  const { dimension, matrix, rank, scale, spectrum } = expand(instance)
  const kept = LowRank.best({ dimension, matrix }, Math.max(0, rank - lost), kernels)
  const tail = Vector.norm(spectrum.slice(rank))
  return Margin.equal(Vector.distance(kept, matrix), tail, { absolute: 1e-9 * scale * dimension })
}

export const truncation = claim({
  id: "dp-lowrank/truncation",
  statement:
    "Without noise the top k eigenpairs are the best rank-k approximation, at distance of the norm of the other eigenvalues; all of M for k = d, and 0 for k = 0.",
  source: derived("Eckart and Young, for positive semidefinite matrices"),
  instances: spiked(),
  margin: (instance, given) => truncationMargin(instance, given, 0),
  controls: [
    {
      name: "one eigenpair too few",
      instances: spiked(2),
      margin: (instance, given) =>
        truncationMargin({ ...instance, share: 0.5, shape: "tied" }, given, 1),
    },
  ],
})

export const gauge = parametrised({
  id: "dp-lowrank/gauge",
  statement: "The signs of eigenvectors change no bit of what is released.",
  source: derived("gauge invariance of projectors"),
  instances: complexed(),
  margin: (instance, given, isNegated: (i: number) => boolean) => {
    const { dimension, rank: k } = instance
    const low = LowRank.topK({ dimension, matrix: outputsOf(instance, given).re }, k, given.kernels)
    const changed = { ...low, vectors: low.vectors.map((x, i) => (isNegated(i) ? -x : x)) }
    const [one, other] = [LowRank.toMatrix(low), LowRank.toMatrix(changed)]
    return Margin.holds(one.every((x, i) => x === other[i]))
  },
  holds: () => true,
  fails: [["the sign of one entry", (i) => i === 0]],
})
