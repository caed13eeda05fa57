import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { downhill } from "../support/ConvexAscent.ts"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomConcave, randomConvex } from "../support/RandomLoss.ts"
import { optimSam, withoutNormalisation } from "../support/Subject.ts"

const radius = Draw.logarithmic(1, 1e-3)

export const convexAscentRise = claim({
  id: "optim-sam/convex-ascent-rise",
  statement:
    "On a convex, beta-smooth loss SAM's perturbed point satisfies L(w) + rho |grad L(w)| <= L(w_a) <= L(w) + rho |grad L(w)| + beta rho^2 / 2.",
  inFloatingPoint: "functions",
  source: derived("definitions of convexity and smoothness"),
  subject: optimSam,
  instances: Draw.record({ problem: randomConvex(), radius }),
  value: (beta: number) => beta / 2,
  /** The margin of `rho |g| <= L(w_a) - L(w) <= rho |g| + curvature rho^2`, to rounding. */
  margin: ({ instance: { problem, radius: rho }, kernels, subject, value: curvatureOf }) => {
    const { beta, objective, start } = expand(problem, kernels)
    const gradient = new Float64Array(start.length)
    const loss = objective.valueAndGradient(start, gradient)
    const perturbed = Observe.perturbed(subject.sam(rho, 0), objective, start)
    const excess = Observe.lossAt(objective, perturbed) - loss - rho * Vector.norm(gradient)
    const rounding = 1e-12 * (1 + loss)
    return Margin.all(
      Margin.atMost(-excess, rounding),
      Margin.atMost(excess, curvatureOf(beta) * rho * rho + rounding),
    )
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "descent for ascent", subject: downhill },
    { name: "half the curvature term", value: (beta) => beta / 4 },
    { name: "a concave loss", instances: Draw.record({ problem: randomConcave(), radius }) },
  ],
})
