import { claim, Draw, Margin } from "@nonconvex/evidence"
import { alignment, downhill } from "../support/ConvexAscent.ts"
import { derived } from "../support/Paper.ts"
import { randomConcave, randomConvex } from "../support/RandomLoss.ts"
import { optimSam } from "../support/Subject.ts"

const radius = Draw.logarithmic(1, 1e-3)

export const convexGradientAlignment = claim({
  id: "optim-sam/convex-gradient-alignment",
  statement:
    "On a convex loss the perturbed gradient of SAM and of USAM satisfies <grad L(w_a), grad L(w)> >= |grad L(w)|^2.",
  inFloatingPoint: "functions",
  source: derived("the gradient of a convex loss is monotone"),
  subject: optimSam,
  instances: Draw.record({ problem: randomConvex(), radius }),
  margin: ({ instance: { problem, radius: rho }, kernels, subject }) =>
    Margin.all(
      ...[subject.sam(rho, 0), subject.usam(rho, 0)].map((method) => {
        const { rounding, value } = alignment(method, problem, kernels)
        return Margin.of(
          "inner product of the perturbed gradient with the gradient, over its square",
          Margin.atLeast(value, 1 - rounding),
        )
      }),
    ),
  controls: [
    { name: "descent for ascent", subject: downhill },
    { name: "a concave loss", instances: Draw.record({ problem: randomConcave(), radius }) },
  ],
})
