import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { dense } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { range } from "../support/Combinations.ts"
import { normals, rotation } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { expandSensing } from "../support/SensingInstances.ts"
import { matrixFactorization } from "../support/Subject.ts"
import { selected, turned } from "../support/Transformations.ts"
import { type Measurements } from "../../measurements/Measurements.ts"

/** Measurements with one more, a combination of all of them, whose value is known. */
const withCombination = (
  measurements: Measurements,
  targets: Float64Array,
  seed: Seed.Seed,
  excess: number,
) => {
  const { columns, count, given: kernels, rows } = measurements
  const weights = normals(seed, count)
  const from = measurements.matrices()
  const matrices = new Float64Array(from.length + rows * columns)
  matrices.set(from)
  measurements.adjoint(weights, matrices.subarray(from.length))
  return {
    measurements: dense({ rows, columns, matrices, kernels }),
    targets: Float64Array.of(...targets, (1 + excess) * Vector.dot(weights, targets)),
  }
}

export const nuclearSolverEquivariance = claim({
  id: "matrix-factorization/nuclear-solver-equivariance",
  statement:
    "The nuclear-norm solution scales with the targets and rotates with the measurements. It does not change if a measurement is duplicated or a combination of all of them is added.",
  inFloatingPoint: "limit",
  source: Kind.identity(derived("metamorphic")),
  subject: matrixFactorization,
  /** Enough measurements of a matrix of rank one for a unique and stable solution. */
  instances: Draw.record({
    rows: Draw.integer(3, 5),
    columns: Draw.integer(5, 6),
    rank: Draw.oneOf(1),
    count: Draw.integer(14, 24),
    seed: Draw.seed(),
  }),
  /** Factor of the targets, and the error in the target of the combination. */
  value: { factor: 3, excess: 0 },
  margin: ({ instance, kernels, subject, value: { excess, factor } }) => {
    const { columns, count, rows } = instance
    const { measurements, seed, targets } = expandSensing(instance, kernels)
    const base = subject.leastNuclearNorm(measurements, targets).matrix
    const close = (a: Float64Array, b: Float64Array): Margin.Comparison =>
      Margin.atMost(Vector.distance(a, b), 1e-6 * Vector.norm(b))
    const larger = subject.leastNuclearNorm(
      measurements,
      targets.map((b) => factor * b),
    ).matrix
    const p = rotation(rows, seed.child("P"))
    const q = rotation(columns, seed.child("Q"))
    const rotated = subject.leastNuclearNorm(turned(measurements, p, q), targets).matrix
    const back = Matrix.transpose(q, columns, columns)
    const list = [...range(count), 0]
    const again = subject.leastNuclearNorm(
      selected(measurements, list),
      Float64Array.from(list, (i) => targets[i]!),
    ).matrix
    const more = withCombination(measurements, targets, seed.child("combination"), excess)
    const combined = subject.leastNuclearNorm(more.measurements, more.targets).matrix
    return Margin.all(
      close(combined, base),
      close(
        larger,
        base.map((value) => 3 * value),
      ),
      close(rotated, Matrix.sandwich(p, base, back, rows, columns, kernels)),
      close(again, base),
    )
  },
  controls: [
    { name: "targets of another sign and size", value: { factor: -2, excess: 0 } },
    { name: "a combination with a target of its own", value: { factor: 3, excess: 0.5 } },
  ],
})
