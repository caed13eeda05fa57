/** The Polyak-Lojasiewicz inequality: SAM keeps moving at a floor, USAM converges and is stuck. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { times, withHalfFloor, withRate } from "../support/Formula.ts"
import * as Observe from "../support/Observe.ts"
import { derived, recalled } from "../support/Paper.ts"
import { expand, expandPl, randomPl, randomSmooth, tightPl } from "../support/RandomLoss.ts"
import { normalisedUsam, type Subject, withoutNormalisation, optimSam } from "../support/Subject.ts"

const horizon = 200

/**
 * The margin of `L_t <= factor^t L_0 + floor` from step 1 on; the minimum is 0.
 *
 * It stops at 1e-10 times L_0, or the losses of targets, which are of size 1, where L_0 is smaller: in rank 1 the bound is attained, and from
 * there on the rounding of the residuals, which adds up over the steps, is more than 1e-9.
 */
const contractionMargin = (
  method: ReturnType<Subject["sam"]>,
  { objective, start }: Pick<ReturnType<typeof expandPl>, "objective" | "start">,
  { factor, floor }: Theory.Contraction,
): Margin.Comparison => {
  const gradient = new Float64Array(start.length)
  const initial = objective.valueAndGradient(start, gradient)
  let margin = Margin.holds(true)
  Observe.follow(method, objective, start, horizon, (point, t) => {
    if (t === 0) return undefined
    const loss = objective.valueAndGradient(point, gradient)
    if (loss < 1e-10 * Math.max(1, initial)) return "stop"
    margin = Margin.all(
      margin,
      Margin.atMost(loss, Elementary.pow(factor, t) * initial + floor, 1e-9),
    )
    return undefined
  })
  return margin
}

export const samLoss = claim({
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

const smoothRun = {
  problem: randomSmooth(),
  radius: Draw.logarithmic(0.1, 1e-3),
  // many runs of one step, where the transient is all there is
  steps: Draw.oneOf(1, horizon).chain((most) => Draw.integer(1, most)),
}

/** No inequality but smoothness. */
export const samGradient = claim({
  id: "optim-sam/smooth-sam-gradient-bound",
  statement:
    "On a beta-smooth loss and with eta <= 1/beta, the mean of |grad L(w_t)|^2 over the first T steps of SAM is at most 2 (L(w_0) - L*) / (eta T) + beta^2 rho^2.",
  inFloatingPoint: "run",
  source: derived("SAM on a smooth loss"),
  subject: optimSam,
  instances: Draw.record({ ...smoothRun, product: Draw.linear(1, 0.01) }),
  value: Theory.smoothSamGradient,
  margin: ({ instance: { problem, product, radius, steps }, kernels, subject, value: bound }) => {
    const { beta, objective, start } = expand(problem, kernels)
    const eta = product / beta
    const gradient = new Float64Array(start.length)
    const gap = objective.valueAndGradient(start, gradient) - objective.constants.minimum!.value
    let sum = 0
    Observe.follow(subject.sam(radius, eta), objective, start, steps - 1, (point) => {
      objective.valueAndGradient(point, gradient)
      sum += Vector.dot(gradient, gradient)
      return undefined
    })
    return Margin.atMost(sum / steps, bound(steps, gap, eta, radius, beta), 1e-9)
  },
  controls: [
    {
      name: "learning rates past 1/beta",
      instances: Draw.record({ ...smoothRun, product: Draw.linear(1.5, 1.95) }),
    },
    {
      name: "half the transient",
      value: (steps, gap, ...x) => Theory.smoothSamGradient(steps, gap / 2, ...x),
    },
    {
      name: "half the floor",
      value: (steps, gap, eta, rho, beta) =>
        Theory.smoothSamGradient(steps, gap, eta, rho / Math.SQRT2, beta),
      instances: Draw.record({
        ...smoothRun,
        steps: Draw.integer(100, horizon),
        product: Draw.linear(1, 0.9),
      }),
    },
  ],
})

const usamRun = Draw.record({
  problem: randomPl(),
  product: Draw.linear(1, 0.01),
  /** Radius times smoothness. */
  relativeRadius: Draw.linear(0.98, 0.01),
})

/** Runs in which the bounds for USAM are nearly attained. */
const tight = { problem: tightPl(), product: Draw.linear(1, 0.9) }

const tightRun = Draw.record({ ...tight, relativeRadius: Draw.linear(0.98, 0.5) })

export const usamLoss = claim({
  id: "optim-sam/pl-usam-linear-convergence",
  statement:
    "On a beta-smooth loss under the mu-Polyak-Lojasiewicz inequality and with eta <= 1/beta and rho < 1/beta, USAM converges to the minimum: L(w_t) - L* <= (1 - eta mu (1 - rho^2 beta^2))^t (L(w_0) - L*).",
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

const bounds = { fromLoss: Theory.usamPath, fromGradient: Theory.usamPathFromGradient }

/** What it means that USAM is stuck. */
export const usamPath = claim({
  id: "optim-sam/pl-usam-path-bound",
  statement:
    "On a beta-smooth loss under the mu-Polyak-Lojasiewicz inequality and with eta <= 1/beta and rho < 1/beta, the whole path of USAM is at most 2 sqrt(2 beta (L(w_0) - L*)) / (mu (1 - rho beta)) long, and at most 2 sqrt(beta / mu) |grad L(w_0)| / (mu (1 - rho beta)): near a minimum it is stuck.",
  inFloatingPoint: "run",
  source: recalled("USAM stops near the first approximate minimum; the constants are derived here"),
  subject: optimSam,
  instances: usamRun,
  value: bounds,
  margin: ({
    instance: { problem, product, relativeRadius },
    kernels,
    subject,
    value: { fromGradient, fromLoss },
  }) => {
    const { beta, mu, objective, start } = expandPl(problem, kernels)
    const rho = relativeRadius / beta
    const gradient = new Float64Array(start.length)
    const gap = objective.valueAndGradient(start, gradient)
    const last = start.slice()
    let path = 0
    Observe.follow(subject.usam(rho, product / beta), objective, start, 1000, (point) => {
      const length = Vector.distance(point, last)
      path += length
      last.set(point)
      return length > 0 && length < 1e-13 * path ? "stop" : undefined
    })
    return Margin.all(
      Margin.atMost(path, fromLoss(gap, rho, mu, beta), 1e-9),
      Margin.atMost(path, fromGradient(Vector.norm(gradient), rho, mu, beta), 1e-9),
    )
  },
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    {
      name: "half the bound from the loss",
      value: { ...bounds, fromLoss: times(0.5, bounds.fromLoss) },
      instances: tightRun,
    },
    {
      name: "half the bound from the gradient",
      value: { ...bounds, fromGradient: times(0.5, bounds.fromGradient) },
      instances: tightRun,
    },
  ],
})
