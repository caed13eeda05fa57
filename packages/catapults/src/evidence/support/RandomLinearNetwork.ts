import type { Given } from "@nonconvex/evidence"
import { expand, type Sizes } from "./Expand.ts"

/**
 * Data of `f = v' U x / sqrt(m)`, without the square root of the input dimension by which the NTK parametrisation
 * divides.
 */
export const linear = (sizes: Sizes, { kernels }: Given) => {
  const expanded = expand(sizes, kernels, { activation: "identity" })
  const { architecture, features } = expanded
  return {
    ...expanded,
    features: features.map((x) => x * Math.sqrt(architecture.widths[0]!)),
    inputs: features,
  }
}
