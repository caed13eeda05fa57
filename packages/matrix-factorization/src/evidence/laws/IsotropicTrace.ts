import { claim, Exact, Kind, Margin } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import { products } from "../../factorisation/Products.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import { around, layersOf, squaredNorm } from "../support/ExactProducts.ts"
import { expand, instances } from "../support/Instances.ts"
import { evenSharpness } from "../support/IsotropicSharpness.ts"
import { derived } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"

/** `sum_j |S_j|_F^2 |P_(j-1)|_F^2`. */
const isotropicSharpness = (
  shape: Factorisation.Shape,
  x: Float64Array,
  kernels: Kernels.Kernels,
): number => {
  const { prefixes, suffixes, update } = products(shape, kernels)
  update(Factorisation.layers(shape, x))
  let sum = 0
  for (let j = 1; j <= shape.depth; j++) {
    sum += Vector.dot(suffixes[j]!, suffixes[j]!) * Vector.dot(prefixes[j - 1]!, prefixes[j - 1]!)
  }
  return sum
}

export const isotropicTrace = claim({
  id: "matrix-factorization/isotropic-trace",
  statement:
    "Where the second moment of the measurements is the identity, T = sum_j |S_j|_F^2 |P_(j-1)|_F^2.",
  source: Kind.identity(derived("isotropic design")),
  subject: matrixFactorization,
  instances: instances(),
  value: (_entries: number): number => 1,
  margin: ({ instance, kernels, subject, value: scale }) => {
    const { shape, x } = expand(instance, kernels)
    return Margin.equal(
      scale(shape.rows * shape.columns) * evenSharpness(subject, shape, x, kernels),
      isotropicSharpness(shape, x, kernels),
      { relative: 1e-11 },
    )
  },
  exactly: ({ instance, kernels, subject, value: scale }) => {
    const { shape, x } = expand(instance, kernels)
    const found = scale(shape.rows * shape.columns) * evenSharpness(subject, shape, x, kernels)
    const terms = around(layersOf(shape, x)).map(({ after, before }) =>
      Exact.multiply(squaredNorm(after), squaredNorm(before)),
    )
    return Exact.near(Exact.computed(found), Exact.sum(...terms), { relative: 1e-11 })
  },
  controls: [
    {
      name: "entries that were not rescaled by the root of their number",
      value: (entries) => 1 / entries,
    },
  ],
})
