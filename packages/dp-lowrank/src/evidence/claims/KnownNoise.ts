/** What noise of a known norm can do to eigenvalues and their order, to the top of a matrix and to its subspace, whatever it is. */
import { claim, Draw, Exact, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Interval from "@nonconvex/numerics/Interval"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as SymmetricEnclosure from "@nonconvex/numerics/SymmetricEnclosure"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import * as TruncationError from "../../theory/TruncationError.ts"
import { complexed, outputsOf } from "../support/Complexed.ts"
import { gapped, type Gapped, gappedPair, spectralNorm } from "../support/Gapped.ts"
import { corrected, derived, recalled } from "../support/Paper.ts"
import {
  expand,
  plus,
  realNoise,
  spiked,
  type Spiked,
  streamOf,
  truncated,
} from "../support/Structures.ts"

const perturbed = (instance: Spiked) => {
  const expanded = expand(instance)
  const { dimension, scale } = expanded
  const variance = Elementary.square(0.3 * scale)
  return { ...expanded, noise: realNoise(dimension, variance, streamOf(instance.seed, "noise")) }
}

/** Weyl's part of the claim, with enclosures of eigenvalues of M, N and M + N. */
const exactWeyl = (instance: Spiked, { kernels }: Given, factor: number): Exact.Compared => {
  const { dimension, matrix, noise } = perturbed(instance)
  const [before, after, moves] = [
    matrix,
    Array.from(matrix, (x, i) => Interval.add(Interval.point(x), Interval.point(noise[i]!))),
    noise,
  ].map((of) => SymmetricEnclosure.eigenvalues(of, dimension, kernels))
  const norm = moves!
    .map(Interval.absolute)
    .reduce((a, b) => Interval.make(Math.max(a.low, b.low), Math.max(a.high, b.high)))
  const bound = Exact.multiply(Exact.of(factor), norm)
  return Exact.worst(
    ...before!.map((value, i) =>
      Exact.atMost(Exact.absolute(Exact.subtract(after![i]!, value)), bound),
    ),
  )
}

export const weyl = claim({
  id: "dp-lowrank/weyl",
  statement:
    "No eigenvalue moves by more than the norm of the noise, and no matrix of rank k is nearer to M than its top k.",
  source: recalled("Weyl 1912; Eckart, Young 1936", "eigenvalue perturbation, best approximation"),
  instances: spiked(),
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { dimension, matrix, noise, rank, scale } = perturbed(instance)
    const bound = factor * spectralNorm(noise, dimension, { kernels })
    const before = SymmetricEigen.eigenvalues(matrix, dimension, kernels)
    const after = SymmetricEigen.eigenvalues(plus(matrix, noise), dimension, kernels)
    const best = LowRank.best({ dimension, matrix }, rank, kernels)
    // another matrix of that rank, near the best one
    const near = noise.map((x) => x / 10)
    const rival = LowRank.best({ dimension, matrix: plus(matrix, near) }, rank, kernels)
    return Margin.all(
      ...Array.from(before, (value, i) => Margin.atMost(Math.abs(after[i]! - value), bound, 1e-9)),
      Margin.atMost(Vector.distance(best, matrix), Vector.distance(rival, matrix) + 1e-9 * scale),
    )
  },
  exactly: ({ instance, kernels, value: factor }) => exactWeyl(instance, { kernels }, factor),
  controls: [{ name: "a third of the norm", value: 1 / 3, instances: spiked(2) }],
})

/** The Weyl step of the paper: noise of norm up to the gap leaves the order of sigma_k and sigma_{k+1}. */
export const orderMargin = (instance: Gapped, given: Given, factor: number): Margin.Comparison => {
  const { dimension: d, rank } = instance
  const { matrix, spectrum } = gappedPair({ ...instance, direction: "swap", noise: 0 }, given)
  const norm = factor * (spectrum[rank - 1]! - spectrum[rank]!)
  matrix[(rank - 1) * (d + 1)]! -= norm
  matrix[rank * (d + 1)]! += norm
  const top = LowRank.topK({ dimension: d, matrix }, rank, given.kernels)
  // whether e_k is still among the top k
  const share = top.values.reduce(
    (sum, _, k) => sum + Elementary.square(top.vectors[k * d + rank - 1]!),
    0,
  )
  return Margin.atLeast(share, 0.5)
}

/** What `orderMargin` compares: the diagonal entry of e_k with the k-th largest of the others. */
export const exactOrder = (instance: Gapped, given: Given, factor: number): Exact.Compared => {
  const { rank } = instance
  const { spectrum } = gappedPair({ ...instance, direction: "swap", noise: 0 }, given)
  const entries = Array.from(spectrum, Exact.of)
  const gap = Exact.subtract(entries[rank - 1]!, entries[rank]!)
  const norm = Exact.multiply(Exact.of(factor), gap)
  const own = Exact.subtract(entries[rank - 1]!, norm)
  const others = entries
    .map((x, i) => (i === rank ? Exact.add(x, norm) : x))
    .filter((_, i) => i !== rank - 1)
    .toSorted((a, b) => Exact.compare(b, a) ?? 0)
  return Exact.atLeast(own, others[rank - 1]!)
}

export const order = claim({
  id: "dp-lowrank/order-needs-twice-the-norm",
  statement:
    "Noise of norm below half of the gap keeps e_k among the top k: the gap must beat 2 |E|, 8 sqrt(T d) for the paper's noise.",
  source: corrected("Theorem 2 and equation (29), the gap condition"),
  instances: gapped(),
  value: 0.49,
  margin: ({ instance, kernels, value: factor }) => orderMargin(instance, { kernels }, factor),
  exactly: ({ instance, kernels, value: factor }) => exactOrder(instance, { kernels }, factor),
  controls: [{ name: "noise as large as the gap", value: 0.99 }],
})

export const spectralError = claim({
  id: "dp-lowrank/spectral-error",
  statement:
    "Where 4 |E| is at most the gap, the top k moves by at most 7 |E| sigma_k / gap in the spectral norm; searches find 1.22, and this claim asks for 1.5.",
  inFloatingPoint: "spectrum",
  source: recalled("Tran, Vishnoi, Vu 2025", "spectral norm bound for low-rank approximation"),
  instances: gapped(),
  value: 1.5,
  margin: ({ instance, kernels, value: constant }) => {
    const { error, matrix, spectrum } = gappedPair(instance, { kernels })
    const { dimension, noise, rank } = instance
    const low = LowRank.best({ dimension, matrix: plus(matrix, error) }, rank, kernels)
    const exact = truncated(spectrum, rank)
    const difference = low.map((x, i) => x - exact[i]!)
    const gap = spectrum[rank - 1]! - spectrum[rank]!
    const bound = TruncationError.spectralErrorBound(noise, spectrum[rank - 1]!, gap)
    const found = spectralNorm(difference, dimension, { kernels })
    return Margin.atMost(found, (constant / 7) * bound, 1e-9)
  },
  controls: [{ name: "half of the noise", value: 0.5 }],
})

export const projector = claim({
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
    const found = LowRank.projector(LowRank.topK(noisy, rank, kernels))
    const exact = truncated(new Float64Array(dimension).fill(1), rank)
    const { values } = LowRank.topK(noisy, rank + 1, kernels)
    const gap = spectrum[rank - 1]! - values[rank]!
    const difference = found.map((x, i) => x - exact[i]!)
    const bound = factor * TruncationError.projectorBound(noise, gap)
    return Margin.all(
      Margin.atMost(spectralNorm(difference, dimension, { kernels }), bound, 1e-9),
      // two subspaces are never further apart
      Margin.equal(TruncationError.projectorBound(noise, noise / 2), 1, {
        relative: 1e-9,
      }),
    )
  },
  controls: [{ name: "a third of the bound", value: 1 / 3, instances: gapped() }],
})

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

export const gauge = claim({
  id: "dp-lowrank/gauge",
  statement: "The signs of eigenvectors change no bit of what is released.",
  inFloatingPoint: "bits",
  source: derived("gauge invariance of projectors"),
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
