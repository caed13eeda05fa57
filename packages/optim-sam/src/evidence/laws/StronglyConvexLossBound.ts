import { claim, Draw } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { withHalfFloor, withRate } from "../support/Formula.ts"
import { corrected } from "../support/Paper.ts"
import type { RandomStronglyConvex } from "../support/RandomStronglyConvex.ts"
import { lossMargin, runs } from "../support/StronglyConvexLoss.ts"
import { optimSam, withoutNormalisation } from "../support/Subject.ts"

/** Equal curvatures: alpha = beta. */
const tight = Draw.record<RandomStronglyConvex>({
  curvature: Draw.oneOf("constant"),
  alpha: Draw.logarithmic(1, 0.01),
  ratios: Draw.list(Draw.oneOf(1), 0, 0),
  seed: Draw.seed(),
})

/** Theorem 1 of the paper at the learning rates at which it is true. */
export const stronglyConvexLossBound = claim({
  id: "optim-sam/strongly-convex-loss-bound",
  statement:
    "On an alpha-strongly convex, beta-smooth loss, let 0 < eta <= 1/beta. Then SAM satisfies L(w_t) - L* <= (1 - alpha eta (2 - eta beta))^t (L(w_0) - L*) + eta beta^3 rho^2 / (2 alpha (2 - eta beta)).",
  inFloatingPoint: "run",
  tight:
    "small first steps nearly attain the rate, and the floor is small beside a loss that grows with the dimension",
  source: corrected("Theorem 1, SAM"),
  subject: optimSam,
  instances: runs(Draw.linear(1, 0.01)),
  value: Theory.stronglyConvexSam,
  margin: ({ instance, kernels, subject, value: bound }) =>
    lossMargin(subject, instance, { kernels }, bound),
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "half the floor", value: withHalfFloor(Theory.stronglyConvexSam) },
    { name: "twice the rate", value: withRate(2, Theory.stronglyConvexSam) },
    {
      name: "a rate 2 % faster",
      value: withRate(1.02, Theory.stronglyConvexSam),
      instances: Draw.record({
        problem: tight,
        product: Draw.linear(0.5, 0.2),
        radius: Draw.oneOf(1e-4),
      }),
    },
    { name: "learning rates above 1/beta", instances: runs(Draw.linear(1.5, 1.95)) },
  ],
})
