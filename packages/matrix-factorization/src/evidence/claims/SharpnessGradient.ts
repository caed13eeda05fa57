/** The gradient of the sharpness, against differences. */
import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { products } from "../../factorisation/Products.ts"
import { sharpness } from "../../index.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { gradientByDifferences } from "../support/Differences.ts"
import { expand, instances } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { type Measurements } from "../../measurements/Measurements.ts"
import { traceOfHessian } from "../../flatness/Sharpness.ts"

/** T with the prefixes of another point, so that only the suffixes vary. */
const withPrefixesOf = (
  measurements: Measurements,
  shape: Factorisation.Shape,
  origin: Float64Array,
): ((x: Float64Array) => number) => {
  const { columns, depth, rows, widths } = shape
  const { given: kernels } = measurements
  const held = products(shape, kernels)
  held.update(Factorisation.layers(shape, origin))
  const weights = Array.from({ length: depth }, (_, k) => {
    const prefix = held.prefixes[k]!
    const out = new Float64Array(rows * rows)
    const back = Matrix.transpose(prefix, widths[k]!, columns)
    measurements.leftMoment(
      Matrix.multiply(back, prefix, columns, widths[k]!, columns, kernels),
      out,
    )
    return out
  })
  const moving = products(shape, kernels)
  return (x) => {
    moving.update(Factorisation.layers(shape, x))
    return weights.reduce((sum, weight, k) => {
      const suffix = moving.suffixes[k + 1]!
      const half = Matrix.multiply(weight, suffix, rows, rows, widths[k + 1]!, kernels)
      return sum + Vector.dot(suffix, half)
    }, 0)
  }
}

export const sharpnessGradient = claim({
  id: "matrix-factorization/sharpness-gradient",
  statement:
    "The gradient of T in layer k collects 2 C_j^G S_j through every suffix and 2 P_(j-1) C_j^H through every prefix that layer k is in.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("gradient of the sharpness")),
  instances: instances(),
  value: (measurements: Measurements, shape: Factorisation.Shape) =>
    sharpness(measurements, shape).total,
  margin: ({ instance, kernels, value: valueOf }) => {
    const { measurements, shape, x } = expand(instance, kernels)
    const written = new Float64Array(x.length)
    const value = sharpness(measurements, shape).valueAndGradient(x, written)
    const valueAt = valueOf(measurements, shape, x)
    const expected = gradientByDifferences(valueAt, x)
    return Margin.all(
      Margin.equal(value, valueAt(x), { relative: 1e-12 }),
      Margin.atMost(Vector.distance(written, expected), 5e-10 * Vector.norm(expected)),
    )
  },
  controls: [
    {
      name: "the gradient of the trace of the Hessian, twice as large",
      value: (measurements, shape) => (point) => traceOfHessian(measurements, shape, point),
    },
    { name: "prefixes held fixed", value: withPrefixesOf },
  ],
})
