/** The gradient of the loss, against differences. */
import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { gradientByDifferences } from "../support/Differences.ts"
import { instances, objectiveOf } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"

export const gradient = claim({
  id: "matrix-factorization/gradient",
  statement:
    "The gradient of the loss in layer j is S_j' E P_(j-1)' with E = (2/n) sum_i (<A_i, M> - b_i) A_i.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("gradient of the loss")),
  subject: matrixFactorization,
  instances: instances(),
  margin: ({ instance, kernels, subject }) => {
    const { objective, x } = objectiveOf(subject, instance, kernels)
    const written = new Float64Array(x.length)
    objective.valueAndGradient(x, written)
    const scratch = new Float64Array(x.length)
    const expected = gradientByDifferences((point) => objective.valueAndGradient(point, scratch), x)
    return Margin.atMost(Vector.distance(written, expected), 1e-9 * Vector.norm(expected))
  },
  controls: [
    {
      name: "the mean taken as a sum",
      subject: (subject) => ({
        ...subject,
        objective: (measurements, targets, widths) => {
          const objective = subject.objective(measurements, targets, widths)
          return {
            ...objective,
            descend: undefined,
            valueAndGradient: (x, out) => {
              const value = objective.valueAndGradient(x, out)
              Vector.scale(measurements.count, out)
              return value
            },
          }
        },
      }),
    },
  ],
})
