import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Matrix from "../../internal/Matrix.ts"
import { distance, expand, instances } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"

/** Response of T to scalings: the exponents are exact, the arithmetic rounds. */
export const traceScaling = claim({
  id: "matrix-factorization/trace-scaling",
  statement:
    "Multiplying the measurements by a multiplies every T_j by a^2; multiplying one layer by s multiplies all other T_j by s^2 and leaves its own unchanged.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("metamorphic")),
  subject: matrixFactorization,
  instances: instances(),
  value: 2,
  margin: ({ instance, kernels, subject, value: power }) => {
    const { measurements, shape, widths, x } = expand(instance, kernels)
    const layers = subject.layerSharpness(measurements, widths, x)
    const factor = 1.7
    const larger = measurements.sandwiched(
      Matrix.identity(shape.rows, factor),
      Matrix.identity(shape.columns),
    )
    const chosen = 1 + (instance.seed % shape.depth)
    const stretched = x.slice()
    Vector.scale(factor, Factorisation.layer(shape, stretched, chosen))
    const expected = layers.map((t, k) =>
      k + 1 === chosen ? t : Elementary.pow(factor, power) * t,
    )
    return Margin.all(
      Margin.atMost(
        distance(
          subject.layerSharpness(larger, widths, x),
          layers.map((t) => Elementary.pow(factor, power) * t),
        ),
        1e-11,
      ),
      Margin.atMost(
        distance(subject.layerSharpness(measurements, widths, stretched), expected),
        1e-11,
      ),
    )
  },
  controls: [{ name: "the first power", value: 1 }],
})
