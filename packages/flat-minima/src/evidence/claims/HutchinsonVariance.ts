import { claim, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Operator from "@nonconvex/numerics/Operator"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { exactVariance, exactVariances } from "../support/ExactProbes.ts"
import { matrix, symmetric, traceOf } from "../support/Matrices.ts"
import { derived } from "../support/Paper.ts"
import { rademacherVariance, squareOf } from "../support/RademacherVariance.ts"

/** Mean and variance of z' H z over all sign vectors. */
const enumerate = (
  h: Float64Array,
  n: number,
  kernels: Kernels.Kernels,
): readonly [number, number] => {
  const z = new Float64Array(n)
  const out = new Float64Array(n)
  const multiply = Operator.fromMatrix(h, n, n, kernels)
  const count = Elementary.pow(2, n)
  const values = new Float64Array(count)
  for (let corner = 0; corner < count; corner++) {
    for (let i = 0; i < n; i++) z[i] = (corner >> i) & 1 ? 1 : -1
    multiply(z, out)
    values[corner] = Vector.dot(z, out)
  }
  const mean = values.reduce((sum, value) => sum + value / count, 0)
  return [mean, values.reduce((sum, value) => sum + Elementary.square(value - mean) / count, 0)]
}

export const hutchinsonVariance = claim({
  id: "flat-minima/hutchinson-variance",
  statement:
    "Over all sign vectors, the mean of z' H z is tr H and its variance 2 sum over i != j of H_ij^2.",
  source: derived("variance of Hutchinson's estimator, by enumeration"),
  instances: matrix(1, 10),
  value: {
    of: rademacherVariance,
    exactly: exactVariances.rademacher,
  },
  margin: ({ instance, kernels, value: { of: variance } }) => {
    const n = instance.dimension
    const h = symmetric(instance)
    const [mean, spread] = enumerate(h, n, kernels)
    const scale = 1e-12 * (1 + Vector.norm(h))
    return Margin.all(
      Margin.equal(mean, traceOf(h, n), { absolute: scale }),
      Margin.equal(spread, variance(h, n), { relative: 1e-12, absolute: scale }),
    )
  },
  exactly: ({ instance, value: { exactly } }) =>
    exactVariance(symmetric(instance), instance.dimension, exactly),
  controls: [
    {
      name: "the variance of Gaussian probes",
      value: {
        of: (h) => Theory.probeVariance.gaussian(squareOf(h)),
        exactly: exactVariances.gaussian,
      },
    },
    {
      name: "the variance of probes on the sphere",
      value: {
        of: (h, n) => Theory.probeVariance.sphere(squareOf(h), traceOf(h, n), n),
        exactly: exactVariances.sphere,
      },
      instances: matrix(2, 10),
    },
  ],
})
