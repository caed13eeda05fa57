import { claim, Draw, Margin } from "@nonconvex/evidence"
import { alignment } from "../support/ConvexAscent.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomSmooth } from "../support/RandomLoss.ts"
import { normalisedUsam, optimSam } from "../support/Subject.ts"

export const smoothUsamGradientAlignment = claim({
  id: "optim-sam/smooth-usam-gradient-alignment",
  statement:
    "On a beta-smooth loss, convex or not, the perturbed gradient of USAM satisfies <grad L(w_a), grad L(w)> >= (1 - rho beta) |grad L(w)|^2.",
  inFloatingPoint: "functions",
  source: derived("definition of smoothness"),
  subject: optimSam,
  instances: Draw.record({
    problem: randomSmooth(),
    /** Radius times smoothness. */
    relativeRadius: Draw.linear(1, 0.01),
  }),
  value: (r: number) => 1 - r,
  margin: ({ instance: { problem, relativeRadius }, kernels, subject, value: least }) => {
    const { beta } = expand(problem, kernels)
    const { rounding, value } = alignment(subject.usam(relativeRadius / beta, 0), problem, kernels)
    return Margin.of(
      "inner product of the perturbed gradient with the gradient, over its square",
      Margin.atLeast(value, least(relativeRadius) - rounding),
    )
  },
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "half the radius", value: (r) => 1 - r / 2 },
  ],
})
