import { Draw } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { expand, plus, realNoise, type Spiked, streamOf } from "./Structures.ts"
import { type Calibrated, mutant, type Subject } from "./Subject.ts"

/** Control that changes the matrices before their top eigenpairs are computed. */
export const withLowRank = (
  name: string,
  change: (matrix: Float64Array, dimension: number) => Float64Array,
) =>
  mutant(name, ({ lowRank }) => ({
    lowRank: (matrix, dimension, rank, kernels) =>
      lowRank(change(matrix, dimension), dimension, rank, kernels),
  }))

/** A noisy matrix with a gap after its rank. */
export const noisyOf = (instance: Spiked) => {
  const { dimension: d, matrix, rank, scale } = expand({ ...instance, shape: "zeros", share: 0.5 })
  const noise = realNoise(d, Elementary.square(0.001 * scale), streamOf(instance.seed, "noise"))
  return {
    dimension: d,
    rank: Math.max(1, Math.floor(rank / 2)),
    scale,
    noisy: plus(matrix, noise),
  }
}

export const withScale = (name: string, scale: (subject: Subject, options: Calibrated) => number) =>
  mutant(name, (subject) => ({ scale: (options) => scale(subject, options) }))

export const calibrated = () =>
  Draw.record<Calibrated & { readonly factor: number }>({
    epsilon: Draw.logarithmic(1, 10),
    delta: Draw.oneOf(1e-6, 1e-9, 1e-3),
    neighbours: Draw.oneOf("replace", "add-remove"),
    bound: Draw.oneOf(1, 0.5, 4),
    dimension: Draw.integer(1, 30),
    factor: Draw.integer(2, 8),
  })
