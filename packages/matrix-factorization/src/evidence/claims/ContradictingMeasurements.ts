import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { measure, minimiseNuclearNorm } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { range } from "../support/Combinations.ts"
import { derived } from "../support/Paper.ts"
import { expandSensing } from "../support/SensingInstances.ts"
import { fields } from "../support/SolverFields.ts"
import { selected } from "../support/Transformations.ts"

export const contradictingMeasurements = claim({
  id: "matrix-factorization/contradicting-measurements",
  statement:
    "A measurement listed twice with two targets is told to be inconsistent, with the least squares solution, in which both miss by half of the difference, and a lower bound of 0 from a certificate of zeros; with the same target twice nothing is.",
  inFloatingPoint: "program",
  source: derived("normal equations of the contradicting targets"),
  instances: Draw.record({ ...fields, excess: Draw.logarithmic(0.1, 10) }),
  value: 0.5,
  margin: ({ instance: { excess, ...instance }, kernels, value: share }) => {
    const { columns, rows } = instance
    // as many as are independent, with the one that is listed twice
    const count = Math.min(instance.count, rows * columns)
    const { measurements, targets } = expandSensing({ ...instance, count }, kernels)
    const twice = selected(measurements, [...range(count), 0])
    const size = Vector.norm(targets)
    const off = excess * size
    const solve = (more: number) =>
      minimiseNuclearNorm(twice, Float64Array.of(...targets, targets[0]! + more))
    const told = solve(off)
    const agreed = solve(0)
    const values = measure(twice, told.matrix)
    const norm = Matrix.nuclearNorm(told.matrix, rows, columns, kernels)
    const expected = targets.map((b, i) => (i === 0 ? b + share * off : b))
    return Margin.all(
      Margin.holds(told.status === "inconsistent" && agreed.status !== "inconsistent"),
      Margin.atMost(Vector.distance(values.subarray(0, count), expected), 1e-7 * (size + off)),
      Margin.equal(told.nuclearNorm, norm, { relative: 1e-12 }),
      Margin.holds(told.lowerBound === 0 && told.gap === told.nuclearNorm),
      Margin.holds(
        told.certificate.length === rows * columns && Vector.norm(told.certificate) === 0,
      ),
      Margin.holds(agreed.certificate.length === rows * columns),
    )
  },
  controls: [{ name: "the first of both targets", value: 0 }],
})
