/** What noise of a known norm can do to eigenvalues and their order, whatever it is. */
import { type Given, Margin, parametrised } from "@nonconvex/evidence"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import { type Gapped, gapped, gappedPair, spectralNorm } from "../support/Gapped.ts"
import { corrected, recalled } from "../support/Paper.ts"
import { expand, plus, realNoise, spiked, streamOf } from "../support/Structures.ts"

export const weyl = parametrised({
  id: "dp-lowrank/weyl",
  statement:
    "No eigenvalue moves by more than the norm of the noise, and no matrix of rank k is nearer to M than its top k.",
  source: recalled("Weyl 1912; Eckart, Young 1936", "eigenvalue perturbation, best approximation"),
  instances: spiked(),
  margin: (instance, given, factor: number) => {
    const { dimension, matrix, rank, scale } = expand(instance)
    const noise = realNoise(dimension, (0.3 * scale) ** 2, streamOf(instance.seed, "noise"))
    const bound = factor * spectralNorm(noise, dimension, given)
    const before = SymmetricEigen.eigenvalues(matrix, dimension, given.kernels)
    const after = SymmetricEigen.eigenvalues(plus(matrix, noise), dimension, given.kernels)
    const best = LowRank.best({ dimension, matrix }, rank, given.kernels)
    // another matrix of that rank, near the best one
    const near = noise.map((x) => x / 10)
    const rival = LowRank.best({ dimension, matrix: plus(matrix, near) }, rank, given.kernels)
    return Margin.all(
      ...Array.from(before, (value, i) => Margin.atMost(Math.abs(after[i]! - value), bound, 1e-9)),
      Margin.atMost(Vector.distance(best, matrix), Vector.distance(rival, matrix) + 1e-9 * scale),
    )
  },
  holds: 1,
  fails: [["a third of the norm", 1 / 3, spiked(2)]],
})

/** The Weyl step of the paper: noise of norm up to the gap leaves the order of sigma_k and sigma_{k+1}. */
export const orderMargin = (instance: Gapped, given: Given, factor: number): number => {
  const { dimension: d, rank } = instance
  const { matrix, spectrum } = gappedPair({ ...instance, direction: "swap", noise: 0 }, given)
  const norm = factor * (spectrum[rank - 1]! - spectrum[rank]!)
  matrix[(rank - 1) * (d + 1)]! -= norm
  matrix[rank * (d + 1)]! += norm
  const top = LowRank.topK({ dimension: d, matrix }, rank, given.kernels)
  // whether e_k is still among the top k
  const share = top.values.reduce((sum, _, k) => sum + top.vectors[k * d + rank - 1]! ** 2, 0)
  return Margin.atLeast(share, 0.5)
}

export const order = parametrised({
  id: "dp-lowrank/order-needs-twice-the-norm",
  statement:
    "Noise of norm below half of the gap keeps e_k among the top k: the gap must beat 2 |E|, 8 sqrt(T d) for the paper's noise.",
  source: corrected("Theorem 2 and equation (29), the gap condition"),
  instances: gapped(),
  margin: orderMargin,
  holds: 0.49,
  fails: [["noise as large as the gap", 0.99]],
})
