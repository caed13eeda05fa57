import type { Given } from "@nonconvex/evidence"
import * as Svd from "@nonconvex/numerics/Svd"
import { expand, type Sizes } from "./Expand.ts"

/** An instance expanded, and the largest singular value of its features, n x d. */
export const withSigma = (instance: Sizes, { kernels }: Given) => {
  const { inputs, samples } = instance
  const expanded = expand(instance, kernels)
  const sigma = Svd.singularValues(expanded.features, samples, inputs, kernels)[0]!
  return { expanded, sigma }
}
