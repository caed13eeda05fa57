/** What the trace of the Hessian is, and how it answers to scalings. */
import { claim, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { Factorisation, Theory } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { traceByDifferences } from "../support/Differences.ts"
import { distance, expand, instances, objectiveOf, total } from "../support/Instances.ts"
import { derived, recalled } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"

/** What differences lose to rounding. */
const tolerance = 1e-9

export const traceFormula = claim({
  id: "matrix-factorization/trace-formula",
  statement:
    "At every W, fitted or not, the trace of the Hessian of (1/n) sum (<A_i, W_L ... W_1> - b_i)^2 is (2/n) sum_i sum_j |S_j' A_i P_(j-1)'|_F^2.",
  inFloatingPoint: "agreement",
  source: recalled("trace of the Hessian"),
  subject: matrixFactorization,
  instances: instances(),
  value: Theory.traceFromSharpness,
  margin: ({ instance, kernels, subject, value: traceOf }) => {
    const { measurements, objective, widths, x } = objectiveOf(subject, instance, kernels)
    const layers = subject.layerSharpness(measurements, widths, x)
    return Margin.equal(traceOf(total(layers)), traceByDifferences(objective, x), {
      relative: tolerance,
    })
  },
  controls: [
    { name: "without the factor of two", value: (sharpness) => sharpness },
    {
      name: "the last layer left out",
      subject: (subject) => ({
        ...subject,
        layerSharpness: (measurements, widths, x) =>
          subject.layerSharpness(measurements, widths, x).slice(0, -1),
      }),
    },
  ],
})

/** How T answers to scalings: the exponents are exact, the arithmetic rounds. */
export const traceScaling = claim({
  id: "matrix-factorization/trace-scaling",
  statement:
    "Measurements times a multiply every T_j by a^2; one layer times s multiplies all other T_j by s^2 and leaves its own.",
  inFloatingPoint: "agreement",
  source: derived("metamorphic"),
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
