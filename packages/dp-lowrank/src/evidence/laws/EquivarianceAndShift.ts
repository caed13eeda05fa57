/** How the top of a matrix turns with the matrix, and moves with its spectrum. */
import { law, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import { derived } from "../support/Paper.ts"
import {
  expand,
  plus,
  product,
  realNoise,
  type Spiked,
  spiked,
  streamOf,
  transposed,
} from "../support/Structures.ts"
import { mutant, type Subject } from "../support/Subject.ts"

/** A control whose matrices are changed before the top of them is taken. */
const withLowRank = (
  name: string,
  change: (matrix: Float64Array, dimension: number) => Float64Array,
) =>
  mutant(name, ({ lowRank }) => ({
    lowRank: (matrix, dimension, rank, kernels) =>
      lowRank(change(matrix, dimension), dimension, rank, kernels),
  }))

const traceOf = (matrix: Float64Array, d: number): number =>
  matrix.reduce((sum, x, at) => (at % (d + 1) === 0 ? sum + x : sum), 0)

/** A noisy matrix with a gap after its rank. */
const noisyOf = (instance: Spiked) => {
  const { dimension: d, matrix, rank, scale } = expand({ ...instance, shape: "zeros", share: 0.5 })
  const noise = realNoise(d, (0.001 * scale) ** 2, streamOf(instance.seed, "noise"))
  return {
    dimension: d,
    rank: Math.max(1, Math.floor(rank / 2)),
    scale,
    noisy: plus(matrix, noise),
  }
}

export const equivariance = law({
  id: "dp-lowrank/orthogonal-equivariance",
  statement: "The top k of Q S Q^T is Q (top k of S) Q^T.",
  source: derived("invariance of the truncation"),
  instances: spiked(2),
  margin: ({ lowRank }: Subject, instance, { kernels }) => {
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

export const shift = law({
  id: "dp-lowrank/shift-of-the-spectrum",
  statement: "Adding a I shifts the kept eigenvalues by a and leaves the subspace.",
  source: derived("invariance of eigenvectors"),
  instances: spiked(2),
  margin: ({ lowRank }: Subject, instance, { kernels }) => {
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
