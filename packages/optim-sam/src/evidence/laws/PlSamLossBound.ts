import { claim, Draw } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { withHalfFloor, withRate } from "../support/Formula.ts"
import { derived } from "../support/Paper.ts"
import { contractionMargin } from "../support/PolyakLojasiewicz.ts"
import { expandPl, randomPl, tightPl } from "../support/RandomLoss.ts"
import { optimSam, withoutNormalisation } from "../support/Subject.ts"

export const plSamLossBound = claim({
  id: "optim-sam/pl-sam-loss-bound",
  statement:
    "On a beta-smooth loss under the mu-Polyak-Lojasiewicz inequality and with eta <= 1/beta, SAM satisfies L(w_t) - L* <= (1 - eta mu)^t (L(w_0) - L*) + beta^2 rho^2 / (2 mu), convex or not.",
  inFloatingPoint: "run",
  source: derived("SAM under the Polyak-Lojasiewicz inequality"),
  subject: optimSam,
  instances: Draw.record({
    problem: randomPl(),
    /** Learning rate times smoothness. */
    product: Draw.linear(1, 0.01),
    radius: Draw.logarithmic(1, 1e-3),
  }),
  value: Theory.plSam,
  margin: ({ instance: { problem, product, radius }, kernels, subject, value: bound }) => {
    const expanded = expandPl(problem, kernels)
    const { beta, mu } = expanded
    const eta = product / beta
    return contractionMargin(subject.sam(radius, eta), expanded, bound(eta, radius, mu, beta))
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    {
      name: "half the floor",
      value: withHalfFloor(Theory.plSam),
      instances: Draw.record({
        problem: tightPl(),
        product: Draw.linear(1, 0.9),
        radius: Draw.logarithmic(1, 0.1),
      }),
    },
    { name: "twice the rate", value: withRate(2, Theory.plSam) },
  ],
})
