import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { noisyOf, withLowRank } from "../support/CalibratedRelease.ts"
import { derived } from "../support/Paper.ts"
import { product, spiked } from "../support/Structures.ts"
import { dpLowrank } from "../support/Subject.ts"

const traceOf = (matrix: Float64Array, d: number): number =>
  matrix.reduce((sum, x, at) => (at % (d + 1) === 0 ? sum + x : sum), 0)

export const shiftOfTheSpectrum = claim({
  id: "dp-lowrank/shift-of-the-spectrum",
  statement: "Adding a I shifts the kept eigenvalues by a and leaves the subspace unchanged.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("invariance of eigenvectors")),
  subject: dpLowrank,
  instances: spiked(2),
  margin: ({ instance, kernels, subject: { lowRank } }) => {
    const { dimension: d, noisy, rank, scale } = noisyOf(instance)
    const shifted = noisy.map((x, at) => (at % (d + 1) === 0 ? x + 3 * scale : x))
    const moved = lowRank(shifted, d, rank, kernels)
    const kept = lowRank(noisy, d, rank, kernels)
    const projector = moved.map((x, i) => (x - kept[i]!) / (3 * scale))
    const squared = product(projector, projector, d)
    const tolerance = { absolute: 1e-6 * d }
    return Margin.all(
      Margin.equal(Vector.distance(squared, projector), 0, tolerance),
      Margin.equal(traceOf(projector, d), rank, tolerance),
    )
  },
  controls: [
    withLowRank("a spectrum normalised by its trace", (matrix, d) => {
      const trace = traceOf(matrix, d)
      return matrix.map((x) => x / trace)
    }),
  ],
})
