/** The nuclear-norm solver proves how good its answer is. */
import { law, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { measure } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { constraints } from "../../recovery/Constraints.ts"
import { derived } from "../support/Paper.ts"
import { expandSensing, gapTolerance, sensingInstances } from "../support/SensingInstances.ts"
import type { Subject } from "../support/Subject.ts"

export const dualityGap = law({
  id: "matrix-factorization/duality-gap",
  statement:
    "The nuclear-norm solution interpolates, its lower bound is one, the gap between them is small, and neither the truth nor the least Frobenius interpolant is better.",
  source: derived("least nuclear norm with a dual certificate"),
  instances: sensingInstances,
  margin: (subject: Subject, instance, { kernels }) => {
    const { columns, rows } = instance
    const { measurements, targets, truth } = expandSensing(instance, kernels)
    const { lowerBound, matrix } = subject.leastNuclearNorm(measurements, targets)
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
      Margin.atMost(gap, gapTolerance * norm),
      Margin.atMost(lowerBound, nuclear(truth), 1e-12),
      Margin.atMost(norm, nuclear(truth), gapTolerance),
      Margin.atMost(norm, nuclear(constraints(measurements, targets).minimumNorm), gapTolerance),
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
  ],
})
