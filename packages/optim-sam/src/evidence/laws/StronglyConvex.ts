/** Strongly convex, smooth losses: SAM keeps the step sizes of gradient descent and ends at a floor. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { withHalfFloor, withRate } from "../support/Formula.ts"
import * as Observe from "../support/Observe.ts"
import { corrected, derived } from "../support/Paper.ts"
import {
  expand,
  type RandomStronglyConvex,
  randomStronglyConvex,
} from "../support/RandomStronglyConvex.ts"
import { type Subject, withoutNormalisation, optimSam } from "../support/Subject.ts"

/** A run of 200 steps from a random start; `product` is the learning rate times the smoothness. */
export const runs = (product: ReturnType<typeof Draw.linear>) =>
  Draw.record({ problem: randomStronglyConvex(), product, radius: Draw.logarithmic(0.1, 1e-3) })
type StronglyConvexRun = Draw.Drawn<ReturnType<typeof runs>>

const horizon = 200

/** The margin of `L_t - L* <= factor^t (L_0 - L*) + floor` at every step; the minimum is 0. */
export const lossMargin = (
  subject: Subject,
  { problem, product, radius }: StronglyConvexRun,
  { kernels }: Given,
  bound: typeof Theory.stronglyConvexSam,
): Margin.Comparison => {
  const { alpha, beta, objective, start } = expand(problem, kernels)
  const eta = product / beta
  const { factor, floor } = bound(eta, radius, alpha, beta)
  const gradient = new Float64Array(start.length)
  const initial = objective.valueAndGradient(start, gradient)
  let margin = Margin.all()
  Observe.follow(subject.sam(radius, eta), objective, start, horizon, (point, t) => {
    const loss = objective.valueAndGradient(point, gradient)
    margin = Margin.all(
      margin,
      Margin.atMost(loss, Elementary.pow(factor, t) * initial + floor, 1e-9),
    )
  })
  return margin
}

/** One curvature: alpha = beta. */
const tight = Draw.record<RandomStronglyConvex>({
  curvature: Draw.oneOf("constant"),
  alpha: Draw.logarithmic(1, 0.01),
  ratios: Draw.list(Draw.oneOf(1), 0, 0),
  seed: Draw.seed(),
})

/** Theorem 1 of the paper on the learning rates where it is true. */
export const lossBound = claim({
  id: "optim-sam/strongly-convex-loss-bound",
  statement:
    "On an alpha-strongly convex, beta-smooth loss and with 0 < eta <= 1/beta, SAM satisfies L(w_t) - L* <= (1 - alpha eta (2 - eta beta))^t (L(w_0) - L*) + eta beta^3 rho^2 / (2 alpha (2 - eta beta)).",
  inFloatingPoint: "run",
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
    { name: "learning rates past 1/beta", instances: runs(Draw.linear(1.5, 1.95)) },
  ],
})

/** The distance bound on the whole stable range. */
export const distanceBound = claim({
  id: "optim-sam/strongly-convex-distance-bound",
  statement:
    "On an alpha-strongly convex, beta-smooth loss and with 0 < eta < 2/beta, SAM satisfies |w_t - w*| <= q^t |w_0 - w*| + eta beta rho (1 - q^t) / (1 - q) for q = max(|1 - eta alpha|, |1 - eta beta|).",
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
