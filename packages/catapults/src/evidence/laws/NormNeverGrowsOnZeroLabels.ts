import { claim, Draw, Margin } from "@nonconvex/evidence"
import { expand, sized, squaredNorm } from "../support/Expand.ts"
import { scaled, stepAt } from "../support/MetamorphicRun.ts"
import { near } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { ours } from "../support/Subject.ts"

/** Step on labels 0 at the edge of the condition, which shows the role of its constant 4. */
export const normNeverGrowsOnZeroLabels = claim({
  id: "catapults/norm-never-grows-on-zero-labels",
  statement:
    "With labels 0 and e lambda_max(K) <= 4 a gradient step on a two-layer ReLU network without biases does not lengthen the parameters.",
  inFloatingPoint: "spectrum",
  source: derived("norm law with labels 0"),
  subject: ours,
  instances: sized([8, 8, 64], { scale: Draw.logarithmic(0.1, 5), kappa: Draw.linear(1, 4) }),
  value: 1,
  margin: ({ instance, kernels, subject, value: times }) => {
    const { kappa, samples, scale } = instance
    const { start, targets, ...rest } = expand(instance, kernels)
    const loud = scaled(start, scale)
    const problem = { ...rest, start: loud, targets: targets.fill(0) }
    const { before, step } = stepAt(subject, problem, times * kappa)
    const after = subject({ ...problem, step, steps: 1 })
    const margin = Margin.atMost(squaredNorm(after.parameters), squaredNorm(loud), 1e-12)
    return Margin.all(margin, near(before.predictions.length, samples, 0))
  },
  controls: [{ name: "twice the step", value: 2 }],
})
