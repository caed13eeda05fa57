import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { descentOf } from "../../descent/Descent.ts"
import * as Theory from "../../theory/index.ts"
import { linear, setUp } from "../support/LinearModel.ts"
import { derived } from "../support/Paper.ts"

export const linearModelMultipliers = claim({
  id: "catapults/linear-model-multipliers",
  statement:
    "A gradient step on a linear model with the loss c |r|^2 multiplies the loss along each eigenvector of the tangent kernel by (1 - e lambda_j)^2 with e = 2 c eta.",
  inFloatingPoint: "run",
  source: Kind.identity(derived("linear models")),
  instances: linear,
  value: Theory.effectiveStep,
  margin: ({ instance, kernels, value: effective }) => {
    const problem = setUp(instance, Theory.criticalRate, { kernels })
    const { c, loss, model, pairs, rate, start, targets } = problem
    const descent = descentOf(model, loss, start)
    const parts = () => {
      descent.evaluate()
      const residual = descent.predictions.map((value, i) => value - targets[i]!)
      return pairs.values.map((_, j) =>
        Elementary.square(Vector.dot(residual, SymmetricEigen.vector(pairs, j))),
      )
    }
    const before = parts()
    descent.move(rate)
    const after = parts()
    const absolute = 1e-10 * before.reduce((sum, part) => sum + part, 1e-12)
    return Margin.all(
      ...Array.from(before, (part, j) => {
        const factor = Theory.linearMultiplier(effective(c, rate), pairs.values[j]!)
        return Margin.equal(after[j]!, part * factor, { absolute })
      }),
    )
  },
  controls: [
    { name: "the learning rate for the effective step", value: (_c, rate) => rate },
    { name: "the factor 2 dropped", value: (c, rate) => c * rate },
  ],
})
