import { erratum } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { exactLoss, floorCounterexample } from "../support/FloorCounterexample.ts"
import { recalled } from "../support/Paper.ts"
import { lossMargin, runs } from "../support/StronglyConvexLoss.ts"
import { optimSam } from "../support/Subject.ts"
import { within } from "../support/Within.ts"

/** The bound of Theorem 1 does not hold on the whole stable range; it is not known whether the paper claims it there. */
const floorPastInverseSmoothness = erratum({
  id: "optim-sam/strongly-convex-floor-past-inverse-smoothness",
  statement:
    "If the paper says so: on an alpha-strongly convex, beta-smooth loss, let 0 < eta < 2/beta. Then SAM satisfies L(w_t) - L* <= (1 - alpha eta (2 - eta beta))^t (L(w_0) - L*) + eta beta^3 rho^2 / (2 alpha (2 - eta beta)).",
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
    "On lambda w^2 / 2 SAM ends in the orbit +-rho c / (2 - c) with c = eta lambda, whose loss is c / (2 - c) times the floor: more than the floor as soon as c > 1. The proof needs <g, grad L(w_a) - g> >= 0 with a factor 1 - eta beta, which changes sign there. The bound holds up to eta = 1/beta, and the distance bound up to 2/beta. Which of the two the paper means is unknown to us; with 1/beta the statement is correct.",
})

export const stronglyConvexFloorPastInverseSmoothness = floorPastInverseSmoothness
