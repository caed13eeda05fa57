import * as Kernels from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"

import * as Spectrum from "./Spectrum.ts"
import type { Samples } from "./Samples.ts"

/** The smaller of `A^T A / n` and `A A^T / n` for the features A of n samples; both have the same positive eigenvalues. */
export interface Gram {
  readonly matrix: Float64Array
  readonly size: number
  readonly side: "features" | "samples"
}

export const gram = ({ dimension, features }: Samples, { gemm }: Kernels.Kernels): Gram => {
  const samples = features.length / dimension
  const tall = dimension <= samples
  const size = Math.min(dimension, samples)
  const inner = Math.max(dimension, samples)
  const matrix = new Float64Array(size * size)
  gemm(tall, !tall, size, size, inner, 1 / samples, features, features, 0, matrix)
  return { matrix, size, side: tall ? "features" : "samples" }
}

/** Largest eigenvalue of both. */
export const topEigenvalue = (samples: Samples, kernels = Kernels.standard()): number => {
  const { matrix, size } = gram(samples, kernels)
  return Spectrum.largestMagnitude(SymmetricEigen.eigenvalues(matrix, size, kernels))
}
