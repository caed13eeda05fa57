import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { dense, minimiseNuclearNorm } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { derived } from "../support/Paper.ts"
import { expandSensing, gapTolerance } from "../support/SensingInstances.ts"
import { fields } from "../support/SolverFields.ts"
import { type Measurements } from "../../measurements/Measurements.ts"

/** Exponents of the powers of two that targets and measurements are multiplied by. */
const powers = (least: number) => ({
  target: Draw.integer(least, 600),
  measurement: Draw.integer(-300, 300),
})

/** The measurements times a power of two, and one of zeros after them. */
const resized = (measurements: Measurements, power: number): Measurements => {
  const { columns, given: kernels, rows } = measurements
  const from = measurements.matrices()
  const matrices = new Float64Array(from.length + rows * columns)
  from.forEach((entry, k) => (matrices[k] = power * entry))
  return dense({ rows, columns, matrices, kernels })
}

export const unitsOfTargets = claim({
  id: "matrix-factorization/units-of-targets",
  statement:
    "Multiplying the targets by a power of two multiplies the nuclear-norm solution by it; multiplying measurements and targets by another leaves the solution. Norm, lower bound and gap are those of the matrix for all powers, also with a measurement of zeros.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("homogeneity of the nuclear norm")),
  instances: Draw.record({ ...fields, ...powers(-600) }),
  /** Degree of homogeneity of the norm. */
  value: 1,
  margin: ({ instance: { measurement, target, ...instance }, kernels, value: degree }) => {
    const { columns, rows } = instance
    const { measurements, targets } = expandSensing(instance, kernels)
    const power = Elementary.powerOfTwo(target)
    const length = Elementary.powerOfTwo(measurement)
    const base = minimiseNuclearNorm(measurements, targets)
    const found = minimiseNuclearNorm(
      resized(measurements, length),
      Float64Array.of(...targets.map((b) => power * length * b), 0),
    )
    const back = found.matrix.map((value) => value / power)
    const norm = Matrix.nuclearNorm(back, rows, columns, kernels)
    const unitOf = (value: number): number => value / Elementary.pow(power, degree)
    return Margin.all(
      // both norms are above the least, and both bounds below
      Margin.atMost(base.lowerBound, norm, gapTolerance),
      Margin.atMost(unitOf(found.lowerBound), base.nuclearNorm, gapTolerance),
      Margin.equal(unitOf(found.nuclearNorm), norm, { relative: 1e-12 }),
      Margin.equal(unitOf(found.lowerBound), Vector.dot(found.certificate, back), {
        absolute: 1e-12 * norm,
      }),
      Margin.equal(unitOf(found.gap), norm - unitOf(found.lowerBound), { absolute: 1e-12 * norm }),
      found.status === "certified"
        ? Margin.atMost(unitOf(found.gap), gapTolerance * norm)
        : Margin.holds(found.status === "budget"),
    )
  },
  controls: [
    { name: "a norm of degree two", value: 2, instances: Draw.record({ ...fields, ...powers(1) }) },
  ],
})
