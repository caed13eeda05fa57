import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Matrix from "../../internal/Matrix.ts"
import { range } from "../support/Combinations.ts"
import { derived } from "../support/Paper.ts"
import { expandSensing, gapTolerance, sensingInstances } from "../support/SensingInstances.ts"
import { matrixFactorization } from "../support/Subject.ts"
import { selected } from "../support/Transformations.ts"

export const moreMeasurements = claim({
  id: "matrix-factorization/more-measurements",
  statement: "More measurements never lower the least nuclear norm.",
  inFloatingPoint: "limit",
  source: Kind.identity(derived("metamorphic")),
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
