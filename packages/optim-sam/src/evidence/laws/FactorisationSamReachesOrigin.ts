import { claim, Draw } from "@nonconvex/evidence"
import { besideDiagonal, originMargin } from "../support/FactorisationDescent.ts"
import { corrected } from "../support/Paper.ts"
import { optimSam, withoutNormalisation, withoutPerturbation } from "../support/Subject.ts"
import { within } from "../support/Within.ts"

/** y0 / x0. */
const slope = within([1.5, 1.05], [1.5, 1.95])

/** Second half of Theorem 2, away from the diagonal. */
export const factorisationSamReachesOrigin = claim({
  id: "optim-sam/factorisation-sam-reaches-origin",
  statement:
    "On (xy)^2/2 from 1.95 x0 > y0 > 1.05 x0 and with eta = 1/(x0^2 + y0^2), SAM with rho <= 0.2 x0 converges to the origin, the flattest minimum. Within 40 / (eta rho^2) steps it is a million times closer.",
  inFloatingPoint: "run",
  extent: { dimension: 2 },
  source: corrected("Theorem 2, SAM, away from the diagonal"),
  subject: optimSam,
  instances: Draw.record({
    x: Draw.logarithmic(10, 1),
    slope,
    fraction: Draw.logarithmic(0.2, 0.03),
  }),
  margin: ({ instance, subject }) => originMargin(subject, instance),
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "gradient descent", subject: withoutPerturbation },
    { name: "starts next to the diagonal", instances: besideDiagonal },
  ],
})
