import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import { noisyOf, withLowRank } from "../support/CalibratedRelease.ts"
import { derived } from "../support/Paper.ts"
import { product, spiked, streamOf, transposed } from "../support/Structures.ts"
import { dpLowrank } from "../support/Subject.ts"

export const orthogonalEquivariance = claim({
  id: "dp-lowrank/orthogonal-equivariance",
  statement: "The top k of Q S Q^T is Q (top k of S) Q^T.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("invariance of the truncation")),
  subject: dpLowrank,
  instances: spiked(2),
  margin: ({ instance, kernels, subject: { lowRank } }) => {
    const { dimension: d, noisy, rank, scale } = noisyOf(instance)
    const q = Orthogonal.haar(d, streamOf(instance.seed, "rotation"))
    const rotate = (a: Float64Array) => product(product(q, a, d), transposed(q, d), d)
    const topOfRotated = lowRank(rotate(noisy), d, rank, kernels)
    const rotatedTop = rotate(lowRank(noisy, d, rank, kernels))
    return Margin.equal(Vector.distance(topOfRotated, rotatedTop), 0, {
      absolute: 1e-6 * scale * d,
    })
  },
  controls: [withLowRank("entries clipped at 0", (matrix) => matrix.map((x) => Math.max(0, x)))],
})
