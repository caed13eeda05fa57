import { claim, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { measure, minimiseNuclearNorm } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { constraints } from "../../recovery/Constraints.ts"
import { derived } from "../support/Paper.ts"
import { expandSensing, gapTolerance, sensingInstances } from "../support/SensingInstances.ts"
import { matrixFactorization } from "../support/Subject.ts"

export const dualityGap = claim({
  id: "matrix-factorization/duality-gap",
  statement:
    "The nuclear-norm solution interpolates, and neither the true matrix nor the interpolant of least Frobenius norm is below its lower bound. If it is certified the gap is small; for a single row or column it is certified.",
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
