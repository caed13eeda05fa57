/** What noise of a known norm can do to the top of a matrix and to its subspace, whatever it is. */
import { Draw, Margin, parametrised } from "@nonconvex/evidence"
import * as LowRank from "../../components/LowRank.ts"
import * as TruncationError from "../../theory/TruncationError.ts"
import { gapped, gappedPair, spectralNorm } from "../support/Gapped.ts"
import { recalled } from "../support/Paper.ts"
import { plus, truncated } from "../support/Structures.ts"

export const spectralError = parametrised({
  id: "dp-lowrank/spectral-error",
  statement:
    "Where 4 |E| is at most the gap, the top k moves by at most 7 |E| sigma_k / gap in the spectral norm; searches find 1.22, and this claim asks for 1.5.",
  source: recalled("Tran, Vishnoi, Vu 2025", "spectral norm bound for low-rank approximation"),
  instances: gapped(),
  margin: (instance, given, constant: number) => {
    const { error, matrix, spectrum } = gappedPair(instance, given)
    const { dimension, noise, rank } = instance
    const low = LowRank.best({ dimension, matrix: plus(matrix, error) }, rank, given.kernels)
    const exact = truncated(spectrum, rank)
    const difference = low.map((x, i) => x - exact[i]!)
    const gap = spectrum[rank - 1]! - spectrum[rank]!
    const bound = TruncationError.spectralErrorBound(noise, spectrum[rank - 1]!, gap)
    const found = spectralNorm(difference, dimension, given)
    return Margin.atMost(found, (constant / 7) * bound, 1e-9)
  },
  holds: 1.5,
  fails: [["half of the noise", 0.5]],
})

export const projector = parametrised({
  id: "dp-lowrank/sin-theta",
  statement:
    "The projector on the top k moves by at most |E| / (sigma_k(M) - sigma_{k+1}(M + E)) where that is below 1.",
  source: recalled("Davis, Kahan 1970", "sin-theta with one noisy side"),
  instances: gapped(Draw.linear(0.45, 0.001)),
  margin: (instance, given, factor: number) => {
    const { error, matrix, spectrum } = gappedPair(instance, given)
    const { dimension, noise, rank } = instance
    const noisy = { dimension, matrix: plus(matrix, error) }
    const found = LowRank.projector(LowRank.topK(noisy, rank, given.kernels))
    const exact = truncated(new Float64Array(dimension).fill(1), rank)
    const { values } = LowRank.topK(noisy, rank + 1, given.kernels)
    const gap = spectrum[rank - 1]! - values[rank]!
    const difference = found.map((x, i) => x - exact[i]!)
    const bound = factor * TruncationError.projectorBound(noise, gap)
    return Margin.atMost(spectralNorm(difference, dimension, given), bound, 1e-9)
  },
  holds: 1,
  fails: [["a third of the bound", 1 / 3, gapped()]],
})
