import { Draw, erratum } from "@nonconvex/evidence"
import { originMargin } from "../support/FactorisationDescent.ts"
import { originCounterexample } from "../support/OriginCounterexample.ts"
import { recalled } from "../support/Paper.ts"
import { optimSam } from "../support/Subject.ts"

/** Theorem 2 on all of its starts; whether the paper states it for starts near the diagonal is unknown. */
const originFromDiagonal = erratum({
  id: "optim-sam/factorisation-sam-reaches-origin-beside-diagonal",
  statement:
    "If the paper says so: on (xy)^2/2 from every start with 2 x0 > y0 > x0 >> 0 and with eta = 1/(x0^2 + y0^2), SAM with rho = O(1) converges to the origin.",
  extent: { dimension: 2 },
  source: recalled("Theorem 2, SAM"),
  class: "theorem false",
  read: { as: "recalled" },
  instances: Draw.record({
    x: Draw.logarithmic(10, 30),
    /** y0 - x0 in units of rho^2 / x0. */
    share: Draw.linear(0.1, 0.5),
  }),
  margin: ({ instance: { share, x } }) =>
    originMargin(optimSam, { x, slope: 1 + share / (x * x), fraction: 1 / x }),
  exact: originCounterexample,
  corrected: "optim-sam/factorisation-sam-reaches-origin",
  explanation:
    "On the diagonal SAM bounces between +-(a, a) with 2 a = eta (a + rho / sqrt 2)^3. In that orbit the angle to the diagonal shrinks by eta rho^2 cos(2 theta) sin(2 theta) / 2 a step, so it attracts an open set of starts: those with y0 - x0 below about rho^2 / x0. This set is narrow, of width 1/x0 at a radius of 1, so a theorem about x0 >> 0 may mean all other starts.",
})

export const factorisationSamReachesOriginBesideDiagonal = originFromDiagonal
