/** The errata of the paper, in the order of the report. */
import { Draw, type Erratum, erratum } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { recalled } from "../support/Paper.ts"
import { lossMargin, runs } from "../laws/StronglyConvex.ts"
import { optimSam } from "../support/Subject.ts"
import { within } from "../support/Within.ts"
import { originMargin } from "../laws/FactorisationOrigin.ts"
import { exactLoss, floorCounterexample } from "./FloorCounterexample.ts"
import { originCounterexample } from "./OriginCounterexample.ts"

/** The bound of Theorem 1 is false on the whole stable range; whether the paper states it there is not known. */
const floorPastInverseSmoothness = erratum({
  id: "optim-sam/strongly-convex-floor-past-inverse-smoothness",
  statement:
    "If the paper says so: on an alpha-strongly convex, beta-smooth loss and with 0 < eta < 2/beta, SAM satisfies L(w_t) - L* <= (1 - alpha eta (2 - eta beta))^t (L(w_0) - L*) + eta beta^3 rho^2 / (2 alpha (2 - eta beta)).",
  source: recalled("Theorem 1, SAM, with the learning rates of gradient descent"),
  class: "theorem false",
  read: { as: "recalled" },
  instances: runs(within([1.5, 1.05], [1.5, 1.95])),
  margin: ({ instance, kernels }) =>
    lossMargin(optimSam, instance, { kernels }, Theory.stronglyConvexSam),
  exactly: ({ instance, kernels }) => exactLoss(instance, { kernels }),
  exact: floorCounterexample,
  corrected: "optim-sam/strongly-convex-loss-bound",
  explanation:
    "On lambda w^2 / 2 SAM ends in the orbit +-rho c / (2 - c) with c = eta lambda, whose loss is c / (2 - c) times the floor: more than the floor as soon as c > 1. The proof needs <g, grad L(w_a) - g> >= 0 with a factor 1 - eta beta, which changes sign there. The bound holds up to eta = 1/beta, and the distance bound up to 2/beta. Which of the two the paper means is not known to us: with 1/beta it is right.",
})

/** Theorem 2 on all of its starts; whether the paper states it of those beside the diagonal is not known. */
const originFromDiagonal = erratum({
  id: "optim-sam/factorisation-sam-reaches-origin-beside-diagonal",
  statement:
    "If the paper says so: on (xy)^2/2 from every start with 2 x0 > y0 > x0 >> 0 and with eta = 1/(x0^2 + y0^2), SAM with rho = O(1) converges to the origin.",
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
    "On the diagonal SAM bounces between +-(a, a) with 2 a = eta (a + rho / sqrt 2)^3. In that orbit the angle to the diagonal shrinks by eta rho^2 cos(2 theta) sin(2 theta) / 2 a step, so it attracts an open set of starts: those with y0 - x0 below about rho^2 / x0. It is a sliver, of width 1/x0 at a radius of 1: a theorem about x0 >> 0 may mean all other starts.",
})

export const errata: ReadonlyArray<Erratum> = [floorPastInverseSmoothness, originFromDiagonal]
