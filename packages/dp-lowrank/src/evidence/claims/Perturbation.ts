/** C7 to C9: what noise of a known norm can do, whatever it is. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import * as Theory from "../../theory/index.ts"
import { corrected, recalled } from "../support/Paper.ts"
import {
  conjugated,
  expand,
  plus,
  realNoise,
  type Spiked,
  spiked,
  streamOf,
  truncated,
} from "../support/Structures.ts"

/** The spectral norm of a symmetric matrix. */
const spectralNorm = (matrix: Float64Array, n: number): number =>
  Vector.maxAbs(SymmetricEigen.eigenvalues(matrix, n))

const weylMargin = (instance: Spiked, factor: number): number => {
  const { dimension, matrix, rank, scale } = expand(instance)
  const noise = realNoise(dimension, (0.3 * scale) ** 2, streamOf(instance.seed, "noise"))
  const bound = factor * spectralNorm(noise, dimension)
  const before = SymmetricEigen.eigenvalues(matrix, dimension)
  const after = SymmetricEigen.eigenvalues(plus(matrix, noise), dimension)
  const best = LowRank.toMatrix(LowRank.topK({ dimension, matrix }, rank))
  // another matrix of that rank, near the best one
  const rival = LowRank.toMatrix(
    LowRank.topK(
      {
        dimension,
        matrix: plus(
          matrix,
          noise.map((x) => x / 10),
        ),
      },
      rank,
    ),
  )
  return Margin.all(
    ...Array.from(before, (value, i) => Margin.atMost(Math.abs(after[i]! - value), bound, 1e-9)),
    Margin.atMost(Vector.distance(best, matrix), Vector.distance(rival, matrix) + 1e-9 * scale),
  )
}

export const weyl = claim<Spiked>({
  id: "dp-lowrank/weyl",
  statement:
    "No eigenvalue moves by more than the norm of the noise, and no matrix of rank k is nearer to M than its top k.",
  source: recalled("Weyl 1912; Eckart, Young 1936", "eigenvalue perturbation, best approximation"),
  instances: spiked(),
  margin: (instance) => weylMargin(instance, 1),
  controls: [
    {
      name: "a third of the norm",
      instances: spiked(2),
      margin: (instance) => weylMargin(instance, 1 / 3),
    },
  ],
})

interface Gapped {
  readonly dimension: number
  readonly rank: number
  readonly tail: number
  /** The norm of the noise, in units of the gap. */
  readonly noise: number
  readonly direction: "random" | "swap"
  readonly seed: number
}

export const gapped = (noise = Draw.linear(0.25, 0.001)) =>
  Draw.record<Gapped>({
    dimension: Draw.integer(3, 10),
    rank: Draw.oneOf(1, 2),
    tail: Draw.linear(0, 1),
    noise,
    direction: Draw.oneOf("swap", "random"),
    seed: Draw.seed(),
  })

/** diag(tail + 1, ..., tail, 0, ...), and noise of exactly the norm: random, or the one that turns e_k into e_{k+1}. */
const gappedPair = ({ dimension: d, direction, noise, rank, seed, tail }: Gapped) => {
  const spectrum = Float64Array.from({ length: d }, (_, i) =>
    i < rank ? tail + 1 + 0.2 * (rank - 1 - i) : i === rank ? tail : 0,
  )
  const error = new Float64Array(d * d)
  if (direction === "swap") {
    error[(rank - 1) * d + rank] = noise
    error[rank * d + rank - 1] = noise
  } else {
    const random = realNoise(d, 1, streamOf(seed, "noise"))
    const norm = spectralNorm(random, d)
    random.forEach((x, i) => (error[i] = (noise * x) / norm))
  }
  return { spectrum, matrix: conjugated(spectrum, undefined), error }
}

const spectralErrorMargin = (instance: Gapped, constant: number): number => {
  const { error, matrix, spectrum } = gappedPair(instance)
  const { dimension, noise, rank } = instance
  const low = LowRank.toMatrix(LowRank.topK({ dimension, matrix: plus(matrix, error) }, rank))
  const exact = truncated(spectrum, rank)
  const difference = low.map((x, i) => x - exact[i]!)
  const gap = spectrum[rank - 1]! - spectrum[rank]!
  return Margin.atMost(
    spectralNorm(difference, dimension),
    (constant / 7) * Theory.spectralErrorBound(noise, spectrum[rank - 1]!, gap),
    1e-9,
  )
}

export const spectralError = claim<Gapped>({
  id: "dp-lowrank/spectral-error",
  statement:
    "Where 4 |E| is at most the gap, the top k moves by at most 7 |E| sigma_k / gap in the spectral norm; searches find 1.22, and this claim asks for 1.5.",
  source: recalled("Tran, Vishnoi, Vu 2025", "spectral norm bound for low-rank approximation"),
  instances: gapped(),
  margin: (instance) => spectralErrorMargin(instance, 1.5),
  controls: [
    {
      name: "half of the noise",
      instances: gapped(),
      margin: (instance) => spectralErrorMargin(instance, 0.5),
    },
  ],
})

const projectorMargin = (instance: Gapped, factor: number): number => {
  const { error, matrix, spectrum } = gappedPair(instance)
  const { dimension, noise, rank } = instance
  const noisy = { dimension, matrix: plus(matrix, error) }
  const projector = LowRank.toMatrix(LowRank.withValues(LowRank.topK(noisy, rank), () => 1))
  const exact = truncated(new Float64Array(dimension).fill(1), rank)
  const { values } = LowRank.topK(noisy, rank + 1)
  const gap = spectrum[rank - 1]! - values[rank]!
  const difference = projector.map((x, i) => x - exact[i]!)
  return Margin.atMost(
    spectralNorm(difference, dimension),
    factor * Theory.projectorBound(noise, gap),
    1e-9,
  )
}

export const projector = claim<Gapped>({
  id: "dp-lowrank/sin-theta",
  statement:
    "The projector on the top k moves by at most |E| / (sigma_k(M) - sigma_{k+1}(M + E)) where that is below 1.",
  source: recalled("Davis, Kahan 1970", "sin-theta with one noisy side"),
  instances: gapped(Draw.linear(0.45, 0.001)),
  margin: (instance) => projectorMargin(instance, 1),
  controls: [
    {
      name: "a third of the bound",
      instances: gapped(),
      margin: (instance) => projectorMargin(instance, 1 / 3),
    },
  ],
})

/** The Weyl step of the paper: noise of norm up to the gap leaves the order of sigma_k and sigma_{k+1}. */
export const orderMargin = (instance: Gapped, factor: number): number => {
  const { dimension: d, rank } = instance
  const { matrix, spectrum } = gappedPair({ ...instance, direction: "swap", noise: 0 })
  const norm = factor * (spectrum[rank - 1]! - spectrum[rank]!)
  matrix[(rank - 1) * (d + 1)]! -= norm
  matrix[rank * (d + 1)]! += norm
  const top = LowRank.topK({ dimension: d, matrix }, rank)
  // whether e_k is still among the top k
  const share = top.values.reduce((sum, _, k) => sum + top.vectors[k * d + rank - 1]! ** 2, 0)
  return Margin.atLeast(share, 0.5)
}

export const order = claim<Gapped>({
  id: "dp-lowrank/order-needs-twice-the-norm",
  statement:
    "Noise of norm below half of the gap keeps e_k among the top k: the gap must beat 2 |E|, 8 sqrt(T d) for the paper's noise.",
  source: corrected("Theorem 2 and equation (29), the gap condition"),
  instances: gapped(),
  margin: (instance) => orderMargin(instance, 0.49),
  controls: [
    {
      name: "noise as large as the gap",
      instances: gapped(),
      margin: (instance) => orderMargin(instance, 0.99),
    },
  ],
})
