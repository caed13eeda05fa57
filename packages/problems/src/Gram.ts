import * as MatrixProduct from "./MatrixProduct.ts"
import type { Samples } from "./Samples.ts"

/** The smaller of `A^T A / n` and `A A^T / n` for the features A of n samples; their positive eigenvalues agree. */
export interface Gram {
  readonly matrix: Float64Array
  readonly size: number
  readonly side: "features" | "samples"
}

export const gram = ({ dimension, features }: Samples): Gram => {
  const samples = features.length / dimension
  const side = dimension <= samples ? "features" : "samples"
  const size = Math.min(dimension, samples)
  const matrix = new Float64Array(size * size)
  const a = MatrixProduct.rowMajor(features, dimension)
  const [left, right] =
    side === "features" ? [MatrixProduct.transposed(a), a] : [a, MatrixProduct.transposed(a)]
  const out = MatrixProduct.rowMajor(matrix, size)
  MatrixProduct.multiply(0, left, right, out, size, size, Math.max(dimension, samples))
  for (let i = 0; i < matrix.length; i++) matrix[i]! /= samples
  return { matrix, size, side }
}
