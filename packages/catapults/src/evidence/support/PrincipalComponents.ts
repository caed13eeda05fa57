/** Images by their first principal components. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import type { Labelled } from "./SpikeRun.ts"

const most = 30

/**
 * Maps images to the first principal components of `of`, each with mean 0 and variance 1 there, and scales each image
 * to norm sqrt(components). Pixels that hardly vary then have no influence; in pixel space a predictor may have any
 * slope along them.
 */
export const componentsOf = (
  { features, labels }: Labelled,
  kernels: Kernels,
): ((images: Labelled) => Labelled) => {
  const n = labels.length
  const d = features.length / n
  const count = Math.min(most, d, n - 1)
  const mean = new Float64Array(d)
  features.forEach((value, at) => (mean[at % d]! += value / n))
  const centred = features.map((value, at) => value - mean[at % d]!)
  const covariance = new Float64Array(d * d)
  kernels.syrk(true, d, n, 1 / n, centred, 0, covariance)
  const { values, vectors } = SymmetricEigen.eigenRange(covariance, d, d - count, d, kernels)
  const scales = values.map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0))
  return ({ features: images, labels: own }) => {
    const size = own.length
    const out = new Float64Array(size * count)
    const moved = images.map((value, at) => value - mean[at % d]!)
    kernels.gemm(false, true, size, count, d, 1, moved, vectors, 0, out)
    for (let i = 0; i < size; i++) {
      const row = out.subarray(i * count, (i + 1) * count)
      let squares = 0
      for (let j = 0; j < count; j++) {
        row[j]! *= scales[j]!
        squares += row[j]! * row[j]!
      }
      const scale = squares === 0 ? 0 : Math.sqrt(count / squares)
      for (let j = 0; j < count; j++) row[j]! *= scale
    }
    return { features: out, labels: own }
  }
}
