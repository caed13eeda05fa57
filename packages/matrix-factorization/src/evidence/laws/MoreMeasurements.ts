/** More measurements leave fewer matrices to choose from. */
import { type Given, law, Margin } from "@nonconvex/evidence"
import * as Matrix from "../../internal/Matrix.ts"
import { derived } from "../support/Paper.ts"
import {
  expandSensing,
  gapTolerance,
  type SensingInstance,
  sensingInstances,
} from "../support/SensingInstances.ts"
import type { Subject } from "../support/Subject.ts"
import { selected } from "../support/Transformations.ts"

const monotone =
  (kept: number, all: number) =>
  (subject: Subject, instance: SensingInstance, { kernels }: Given): number => {
    const { columns, rows } = instance
    const { measurements, targets } = expandSensing(
      { ...instance, count: instance.count + 3 },
      kernels,
    )
    const value = (count: number): number => {
      const list = Array.from({ length: count }, (_, i) => i)
      const { matrix } = subject.leastNuclearNorm(
        selected(measurements, list),
        targets.slice(0, count),
      )
      return Matrix.nuclearNorm(matrix, rows, columns, kernels)
    }
    return Margin.atMost(value(instance.count + kept), value(instance.count + all), gapTolerance)
  }

export const moreMeasurements = law<Subject, SensingInstance>({
  id: "matrix-factorization/more-measurements",
  statement: "More measurements never lower the least nuclear norm.",
  source: derived("metamorphic"),
  instances: sensingInstances,
  margin: monotone(0, 3),
  controls: [
    {
      name: "fewer measurements",
      margin: monotone(3, 0),
    },
  ],
})
