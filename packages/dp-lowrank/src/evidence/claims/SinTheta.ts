import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as LowRank from "../../components/LowRank.ts"
import { projector } from "../../components/SubspaceRecovery.ts"
import * as DavisKahan from "../../theory/DavisKahan.ts"
import { gapped, gappedPair, spectralNorm } from "../support/Gapped.ts"
import { recalled } from "../support/Paper.ts"
import { plus, truncated } from "../support/Structures.ts"

export const sinTheta = claim({
  id: "dp-lowrank/sin-theta",
  statement:
    "The projector on the top k moves by at most |E| / (sigma_k(M) - sigma_{k+1}(M + E)) where that is below 1, and by 1 at most elsewhere.",
  inFloatingPoint: "spectrum",
  source: recalled("Davis, Kahan 1970", "sin-theta with one noisy side"),
  instances: gapped(Draw.linear(0.45, 0.001)),
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { error, matrix, spectrum } = gappedPair(instance, { kernels })
    const { dimension, noise, rank } = instance
    const noisy = { dimension, matrix: plus(matrix, error) }
    const found = projector(LowRank.topK(noisy, rank, kernels))
    const exact = truncated(new Float64Array(dimension).fill(1), rank)
    const { values } = LowRank.topK(noisy, rank + 1, kernels)
    const gap = spectrum[rank - 1]! - values[rank]!
    const difference = found.map((x, i) => x - exact[i]!)
    const bound = factor * DavisKahan.projectorBound(noise, gap)
    return Margin.all(
      Margin.atMost(spectralNorm(difference, dimension, { kernels }), bound, 1e-9),
      // two subspaces are never further apart
      Margin.equal(DavisKahan.projectorBound(noise, noise / 2), 1, {
        relative: 1e-9,
      }),
    )
  },
  controls: [{ name: "a third of the bound", value: 1 / 3, instances: gapped() }],
})
