import { claim, Draw, Margin } from "@nonconvex/evidence"
import { certifiedGameFields, solving } from "../support/CertifiedRun.ts"
import { derived } from "../support/Paper.ts"
import { expand, largestAnswer } from "../support/RandomProblem.ts"

export const plannedGap = claim({
  id: "reproducible-minimax/planned-gap",
  statement:
    "A certified answer has a duality gap of at most half of the requested gap plus sqrt2 L times its distance.",
  inFloatingPoint: "run",
  source: derived("the bias of the regularisation, and Lipschitz continuity"),
  instances: Draw.record({ ...certifiedGameFields, curvature: Draw.oneOf(0) }),
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { problem, run } = solving(instance, { kernels })
    const { certified } = run(instance.strategy)
    const L = largestAnswer(expand(instance, { kernels }))
    const allowed = instance.gap / 2 + Math.SQRT2 * L * certified.distance
    return Margin.atMost(problem.gap!(certified.point), factor * allowed + 1e-12)
  },
  controls: [{ name: "a tenth of it", value: 0.1 }],
})
