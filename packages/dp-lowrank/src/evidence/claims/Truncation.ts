import { claim, type Given, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import { derived } from "../support/Paper.ts"
import { expand, type Spiked, spiked } from "../support/Structures.ts"

const truncationMargin = (
  instance: Spiked,
  { kernels }: Given,
  lost: number,
): Margin.Comparison => {
  const { dimension, matrix, rank, scale, spectrum } = expand(instance)
  const kept = LowRank.best({ dimension, matrix }, Math.max(0, rank - lost), kernels)
  const tail = Vector.norm(spectrum.slice(rank))
  return Margin.equal(Vector.distance(kept, matrix), tail, { absolute: 1e-9 * scale * dimension })
}

export const truncation = claim({
  id: "dp-lowrank/truncation",
  statement:
    "Without noise the top k eigenpairs are the best rank-k approximation, at distance of the norm of the other eigenvalues; all of M for k = d, and 0 for k = 0.",
  inFloatingPoint: "spectrum",
  source: derived("Eckart and Young, for positive semidefinite matrices"),
  instances: spiked(),
  margin: ({ instance, kernels }) => truncationMargin(instance, { kernels }, 0),
  controls: [
    {
      name: "one eigenpair too few",
      instances: spiked(2),
      margin: ({ instance, kernels }) =>
        truncationMargin({ ...instance, share: 0.5, shape: "tied" }, { kernels }, 1),
    },
  ],
})
