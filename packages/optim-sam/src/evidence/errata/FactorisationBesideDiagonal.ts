/** The scalar factorisation `(x y)^2 / 2`: starts beside the diagonal, from which SAM does not reach the origin. */
import { erratum } from "@nonconvex/evidence"
import { besideDiagonal, originMargin } from "../laws/FactorisationOrigin.ts"
import { recalled } from "../support/Paper.ts"
import { optimSam } from "../support/Subject.ts"

/** Theorem 2 on all of its starts, as recalled. */
export const originFromDiagonal = erratum({
  id: "optim-sam/factorisation-sam-reaches-origin-beside-diagonal",
  statement:
    "On (xy)^2/2 from 2 x0 > y0 > x0 >> 0 and with eta = 1/(x0^2 + y0^2), SAM with rho = O(1) converges to the origin.",
  source: recalled("Theorem 2, SAM"),
  instances: besideDiagonal,
  margin: (instance) => originMargin(optimSam, instance),
  corrected: "optim-sam/factorisation-sam-reaches-origin",
  explanation:
    "On the diagonal SAM bounces between +-(a, a) with 2 a = eta (a + rho / sqrt 2)^3. In that orbit the angle to the diagonal shrinks by eta rho^2 cos(2 theta) sin(2 theta) / 2 a step, so it attracts an open set of starts: those with y0 - x0 below about rho^2 / x0.",
})
