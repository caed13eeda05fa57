/** More measurements leave fewer matrices to choose from. */
import { Margin, parametrisedLaw } from "@nonconvex/evidence"
import * as Matrix from "../../internal/Matrix.ts"
import { range } from "../support/Combinations.ts"
import { derived } from "../support/Paper.ts"
import { expandSensing, gapTolerance, sensingInstances } from "../support/SensingInstances.ts"
import type { Subject } from "../support/Subject.ts"
import { selected } from "../support/Transformations.ts"

export const moreMeasurements = parametrisedLaw({
  id: "matrix-factorization/more-measurements",
  statement: "More measurements never lower the least nuclear norm.",
  source: derived("metamorphic"),
  instances: sensingInstances,
  margin: (subject: Subject, instance, { kernels }, [kept, all]) => {
    const { columns, count, rows } = instance
    const { measurements, targets } = expandSensing({ ...instance, count: count + 3 }, kernels)
    const value = (number: number): number => {
      const { matrix } = subject.leastNuclearNorm(
        selected(measurements, range(number)),
        targets.slice(0, number),
      )
      return Matrix.nuclearNorm(matrix, rows, columns, kernels)
    }
    return Margin.atMost(value(count + kept), value(count + all), gapTolerance)
  },
  holds: [0, 3] as readonly [number, number],
  fails: [["fewer measurements", [3, 0]]],
})
