import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { horizon } from "../support/PolyakLojasiewicz.ts"
import { expand, randomSmooth } from "../support/RandomLoss.ts"
import { optimSam } from "../support/Subject.ts"

const smoothRun = {
  problem: randomSmooth(),
  radius: Draw.logarithmic(0.1, 1e-3),
  // many runs of one step, where the transient is all there is
  steps: Draw.oneOf(1, horizon).chain((most) => Draw.integer(1, most)),
}

/** Assumes smoothness only. */
export const smoothSamGradientBound = claim({
  id: "optim-sam/smooth-sam-gradient-bound",
  statement:
    "On a beta-smooth loss and with eta <= 1/beta, the mean of |grad L(w_t)|^2 over the first T steps of SAM is at most 2 (L(w_0) - L*) / (eta T) + beta^2 rho^2.",
  inFloatingPoint: "run",
  tight:
    "with eta = 1/beta and one curvature SAM attains the bound but for the beta^2 rho^2 of one step, and the loss at the start grows with the dimension",
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
      name: "learning rates above 1/beta",
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
