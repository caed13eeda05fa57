import { claim, Draw } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { recalled } from "../support/Paper.ts"
import { contractionMargin, usamRun } from "../support/PolyakLojasiewicz.ts"
import { expandPl, tightPl } from "../support/RandomLoss.ts"
import { normalisedUsam, optimSam } from "../support/Subject.ts"

/** Runs in which the bounds for USAM are nearly attained. */
const tight = { problem: tightPl(), product: Draw.linear(1, 0.9) }

export const plUsamLinearConvergence = claim({
  id: "optim-sam/pl-usam-linear-convergence",
  statement:
    "On a beta-smooth loss under the mu-Polyak-Lojasiewicz inequality, let eta <= 1/beta and rho < 1/beta. Then USAM converges to the minimum: L(w_t) - L* <= (1 - eta mu (1 - rho^2 beta^2))^t (L(w_0) - L*).",
  inFloatingPoint: "run",
  source: recalled("USAM converges linearly under the Polyak-Lojasiewicz inequality"),
  subject: optimSam,
  instances: usamRun,
  value: Theory.plUsam,
  margin: ({ instance: { problem, product, relativeRadius }, kernels, subject, value: bound }) => {
    const expanded = expandPl(problem, kernels)
    const { beta, mu } = expanded
    const eta = product / beta
    const rho = relativeRadius / beta
    return contractionMargin(subject.usam(rho, eta), expanded, bound(eta, rho, mu, beta))
  },
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    {
      name: "twice the rate",
      value: (...x) => ({ factor: 2 * Theory.plUsam(...x).factor - 1, floor: 0 }),
    },
    {
      name: "the rate of gradient descent",
      value: (eta, _rho, mu, beta) => Theory.plUsam(eta, 0, mu, beta),
    }, // at smaller radii rho beta is no better a bound than twice its square
    {
      name: "half of rho^2 beta^2",
      value: (eta, rho, mu, beta) => Theory.plUsam(eta, rho / Math.SQRT2, mu, beta),
      instances: Draw.record({ ...tight, relativeRadius: Draw.linear(0.4, 0.2) }),
    },
  ],
})
