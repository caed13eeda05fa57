import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/index.ts"
import { expand, sized, squaredNorm } from "../support/Expand.ts"
import { scaled, stepAt } from "../support/MetamorphicRun.ts"
import { derived } from "../support/Paper.ts"
import { ours } from "../support/Subject.ts"

/**
 * Margin of the statement that the condition is the edge of the norm law. The residual is the top eigenvector, and the labels
 * point along it.
 */
const conditionMargin = (residual: number, kappa: number): Margin.Comparison => {
  const margins = [0.2, 0.5, 1, 2, 0.99 * (1 - kappa / 4), 1.01 * (1 - kappa / 4)].map((share) => {
    const labels = share * residual
    const product = residual * (residual - labels)
    const moved = Theory.squaredNormAfter(0, 2, 1, product, kappa * residual * residual)
    return Margin.holds(Theory.normMustFall(residual, kappa, labels) === moved < 0)
  })
  return Margin.all(...margins)
}

export const normFallsWhereTheLossIsLarge = claim({
  id: "catapults/norm-falls-where-the-loss-is-large",
  statement:
    "Where |r| (4 - e lambda_max) > 4 |y|, a gradient step on a two-layer ReLU network without biases shortens the parameters.",
  inFloatingPoint: "spectrum",
  tight:
    "a step moves the squared norm by the order of kappa |r|^2 over the eigenvalue, whatever the width, and the margin is over the whole norm",
  source: derived("Meltzer and Liu 2023 argue that the norm falls where the loss is large"),
  subject: ours,
  instances: sized([8, 8, 64], { scale: Draw.logarithmic(1, 5), kappa: Draw.linear(1, 3.9) }),
  value: Theory.normMustFall,
  margin: ({ instance, kernels, subject, value: condition }) => {
    const { kappa, scale } = instance
    const { start, ...rest } = expand(instance, kernels)
    const loud = scaled(start, scale)
    const problem = { ...rest, start: loud }
    const { before, step } = stepAt(subject, problem, kappa)
    const residual = Vector.distance(before.predictions, rest.targets)
    const edge = conditionMargin(residual, kappa)
    if (!condition(residual, kappa, Vector.norm(rest.targets))) return edge
    const after = subject({ ...problem, step, steps: 1 })
    return Margin.all(edge, Margin.atMost(squaredNorm(after.parameters), squaredNorm(loud), 1e-12))
  },
  controls: [
    { name: "whatever the labels", value: () => true },
    { name: "8 in place of 4", value: (r, kappa, y) => r * (8 - kappa) > 4 * y },
  ],
})
