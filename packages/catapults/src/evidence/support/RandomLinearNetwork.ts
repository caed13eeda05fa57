import type { Given } from "@nonconvex/evidence"
import { expand, type Sizes } from "./Expand.ts"

/** The data of `f = v' U x / sqrt(m)`, without the root of the inputs that the NTK parametrisation divides by. */
export const linear = (sizes: Sizes, { kernels }: Given) => {
  const expanded = expand(sizes, kernels, { activation: "identity" })
  const { architecture, features } = expanded
  return {
    ...expanded,
    features: features.map((x) => x * Math.sqrt(architecture.widths[0]!)),
    inputs: features,
  }
}
