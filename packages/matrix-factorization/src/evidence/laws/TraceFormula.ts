import { claim, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { traceByDifferences } from "../support/Differences.ts"
import { instances, objectiveOf, total } from "../support/Instances.ts"
import { recalled } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"

/** Relative error of differences by rounding. */
const tolerance = 1e-9

export const traceFormula = claim({
  id: "matrix-factorization/trace-formula",
  statement:
    "At every W, fitted or not, the trace of the Hessian of (1/n) sum (<A_i, W_L ... W_1> - b_i)^2 is (2/n) sum_i sum_j |S_j' A_i P_(j-1)'|_F^2.",
  inFloatingPoint: "agreement",
  source: recalled("trace of the Hessian"),
  subject: matrixFactorization,
  instances: instances(),
  value: Theory.traceFromSharpness,
  margin: ({ instance, kernels, subject, value: traceOf }) => {
    const { measurements, objective, widths, x } = objectiveOf(subject, instance, kernels)
    const layers = subject.layerSharpness(measurements, widths, x)
    return Margin.equal(traceOf(total(layers)), traceByDifferences(objective, x), {
      relative: tolerance,
    })
  },
  controls: [
    { name: "without the factor of two", value: (sharpness) => sharpness },
    {
      name: "the last layer left out",
      subject: (subject) => ({
        ...subject,
        layerSharpness: (measurements, widths, x) =>
          subject.layerSharpness(measurements, widths, x).slice(0, -1),
      }),
    },
  ],
})
