/** The nuclear-norm solver: its proof of how good the answer is, what changes it, and when it finds a hidden entry. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { completion, dense, measure, type Measurements, minimiseNuclearNorm } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { constraints } from "../../recovery/Constraints.ts"
import { range } from "../support/Combinations.ts"
import { normals, rotation } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { expandSensing, gapTolerance, sensingInstances } from "../support/SensingInstances.ts"
import { matrixFactorization } from "../support/Subject.ts"
import { selected, turned } from "../support/Transformations.ts"

export const dualityGap = claim({
  id: "matrix-factorization/duality-gap",
  statement:
    "The nuclear-norm solution interpolates, its lower bound is one that neither the truth nor the least Frobenius interpolant is below, and where it is certified the gap between them is small; of a single row or column it is.",
  inFloatingPoint: "limit",
  source: derived("least nuclear norm with a dual certificate"),
  subject: matrixFactorization,
  instances: sensingInstances,
  margin: ({ instance, kernels, subject }) => {
    const { columns, rows } = instance
    const { measurements, targets, truth } = expandSensing(instance, kernels)
    const { lowerBound, matrix, status } = subject.leastNuclearNorm(measurements, targets)
    const nuclear = (x: Float64Array): number => Matrix.nuclearNorm(x, rows, columns, kernels)
    const norm = nuclear(matrix)
    const gap = norm - lowerBound
    return Margin.all(
      Margin.atMost(
        Vector.distance(measure(measurements, matrix), targets),
        1e-8 * Vector.norm(targets),
      ),
      // at least 0, but for the rounding of two sums
      Margin.atLeast(gap, -1e-12 * norm),
      status === "certified" ? Margin.atMost(gap, gapTolerance * norm) : Margin.holds(true),
      // of a row or column both norms are one, and the least Frobenius interpolant is the solution
      Margin.holds(status === "certified" || (status === "budget" && Math.min(rows, columns) > 1)),
      Margin.atMost(lowerBound, nuclear(truth), 1e-12),
      Margin.atMost(lowerBound, nuclear(constraints(measurements, targets).minimumNorm), 1e-12),
    )
  },
  controls: [
    {
      name: "the interpolant of least Frobenius norm",
      subject: (subject) => ({
        ...subject,
        leastNuclearNorm: (measurements, targets) => ({
          ...subject.leastNuclearNorm(measurements, targets),
          matrix: constraints(measurements, targets).minimumNorm,
        }),
      }),
    },
    {
      name: "a lower bound that is a hundredth too large",
      subject: (subject) => ({
        ...subject,
        leastNuclearNorm: (measurements, targets) => {
          const found = subject.leastNuclearNorm(measurements, targets)
          return { ...found, lowerBound: 1.01 * found.lowerBound }
        },
      }),
    },
    {
      name: "a solver that certifies nothing",
      subject: (subject) => ({
        ...subject,
        leastNuclearNorm: (measurements, targets) => ({
          ...subject.leastNuclearNorm(measurements, targets),
          status: "budget",
        }),
      }),
    },
    {
      name: "a certificate after five steps",
      subject: (subject) => ({
        ...subject,
        leastNuclearNorm: (measurements, targets) => ({
          ...minimiseNuclearNorm(measurements, targets, { maxIterations: 5 }),
          status: "certified",
        }),
      }),
    },
  ],
})

/** The measurements with one more, a combination of all of them: what it measures is known. */
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
    "The nuclear-norm solution scales with the targets, turns with the measurements, and does not change with a measurement listed twice nor with a combination of all of them.",
  inFloatingPoint: "limit",
  source: derived("metamorphic"),
  subject: matrixFactorization,
  /** So many measurements of a matrix of rank one that the solution is unique and stable, and can be compared. */
  instances: Draw.record({
    rows: Draw.integer(3, 5),
    columns: Draw.integer(5, 6),
    rank: Draw.oneOf(1),
    count: Draw.integer(14, 24),
    seed: Draw.seed(),
  }),
  /** What the targets are multiplied by, and by what the target of the combination is off. */
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

export const moreMeasurements = claim({
  id: "matrix-factorization/more-measurements",
  statement: "More measurements never lower the least nuclear norm.",
  inFloatingPoint: "limit",
  source: derived("metamorphic"),
  subject: matrixFactorization,
  instances: sensingInstances,
  value: [0, 3] as readonly [number, number],
  margin: ({ instance, kernels, subject, value: [kept, all] }) => {
    const { columns, count, rows } = instance
    const { measurements, targets } = expandSensing({ ...instance, count: count + 3 }, kernels)
    const solved = (number: number) =>
      subject.leastNuclearNorm(selected(measurements, range(number)), targets.slice(0, number))
    // bounds on either side, for neither solution need be the least
    const norm = Matrix.nuclearNorm(solved(count + all).matrix, rows, columns, kernels)
    return Margin.atMost(solved(count + kept).lowerBound, norm, gapTolerance)
  },
  controls: [{ name: "fewer measurements", value: [3, 0] }],
})

const hiddenEntries = (weight: readonly [number, number]) =>
  Draw.record({
    size: Draw.integer(2, 6),
    /** Of the squares of the two unit vectors at the hidden entry, summed. */
    weight: Draw.linear(...weight),
    share: Draw.linear(0.3, 0.7),
    seed: Draw.seed(),
  })

/** A unit vector with the square of its first component given. */
const withFirst = (n: number, square: number, seed: Seed.Seed): Float64Array => {
  const v = normals(seed, n)
  v[0] = 0
  Vector.scale(Math.sqrt(1 - square) / Vector.norm(v), v)
  v[0] = Math.sqrt(square)
  return v
}

export const oneHiddenEntry = claim({
  id: "matrix-factorization/one-hidden-entry",
  statement:
    "The hidden entry (k, l) of a matrix s u v' of rank one, u and v unit, is recovered by the least nuclear norm where u_k^2 + v_l^2 < 1.",
  inFloatingPoint: "limit",
  source: derived("generalises the 5 x 5 example of fancyimpute, as recalled"),
  subject: matrixFactorization,
  instances: hiddenEntries([0.02, 0.9]),
  margin: ({ instance: { seed, share, size, weight }, kernels, subject }) => {
    const root = Seed.root(seed)
    const u = withFirst(size, weight * share, root.child("u"))
    const v = withFirst(size, weight * (1 - share), root.child("v"))
    const truth = Matrix.multiply(u, v, size, 1, size, kernels)
    const entries = Array.from(
      { length: size * size - 1 },
      (_, k) => [Math.floor((k + 1) / size), (k + 1) % size] as const,
    )
    const seen = completion({ rows: size, columns: size, entries, kernels })
    const { matrix } = subject.leastNuclearNorm(seen, measure(seen, truth))
    return Margin.atMost(Math.abs(matrix[0]! - truth[0]!), 1e-6)
  },
  controls: [{ name: "u_k^2 + v_l^2 above 1", instances: hiddenEntries([1.1, 1.4]) }],
})
