/** The nuclear-norm solver at targets of any size, and where measurements contradict each other. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { dense, measure, type Measurements, minimiseNuclearNorm } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { range } from "../support/Combinations.ts"
import { derived } from "../support/Paper.ts"
import { expandSensing, gapTolerance } from "../support/SensingInstances.ts"
import { selected } from "../support/Transformations.ts"

const fields = {
  rows: Draw.integer(1, 4),
  columns: Draw.integer(1, 4),
  rank: Draw.integer(1, 2),
  count: Draw.integer(1, 10),
  seed: Draw.seed(),
}

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
    "Targets times a power of two have the nuclear-norm solution times that power, measurements and targets times another the same solution, and norm, lower bound and gap are those of the matrix, whatever the powers and beside a measurement of zeros.",
  inFloatingPoint: "bits",
  source: derived("homogeneity of the nuclear norm"),
  instances: Draw.record({ ...fields, ...powers(-600) }),
  /** The degree of the norm. */
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

export const contradictions = claim({
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
