import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomStronglyConvex.ts"
import { horizon, runs } from "../support/StronglyConvexLoss.ts"
import { optimSam, withoutNormalisation } from "../support/Subject.ts"

/** The distance bound on the whole stable range. */
export const stronglyConvexDistanceBound = claim({
  id: "optim-sam/strongly-convex-distance-bound",
  statement:
    "On an alpha-strongly convex, beta-smooth loss, let 0 < eta < 2/beta and q = max(|1 - eta alpha|, |1 - eta beta|). Then SAM satisfies |w_t - w*| <= q^t |w_0 - w*| + eta beta rho (1 - q^t) / (1 - q).",
  inFloatingPoint: "run",
  source: derived("replaces Theorem 1, SAM, past eta = 1/beta"),
  subject: optimSam,
  instances: runs(Draw.linear(1.98, 0.01)),
  value: Theory.samDistance,
  margin: ({ instance: { problem, product, radius }, kernels, subject, value: bound }) => {
    const { alpha, beta, objective, start } = expand(problem, kernels)
    const eta = product / beta
    const initial = Vector.norm(start)
    let margin = Margin.all()
    Observe.follow(subject.sam(radius, eta), objective, start, horizon, (point, t) => {
      const most = bound(t, initial, eta, radius, alpha, beta)
      margin = Margin.all(margin, Margin.atMost(Vector.norm(point), most, 1e-9))
    })
    return margin
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    {
      name: "half the floor",
      value: (t, distance, eta, rho, alpha, beta) =>
        Theory.samDistance(t, distance, eta, rho / 2, alpha, beta),
    },
    { name: "twice the rate", value: (t, ...rest) => Theory.samDistance(2 * t, ...rest) },
    {
      name: "contraction of the largest eigenvalue only",
      value: (t, distance, eta, rho, _alpha, beta) =>
        Theory.samDistance(t, distance, eta, rho, beta, beta),
    },
  ],
})
