/** What convexity and smoothness say of one ascent: how much the loss rises, how the second gradient turns. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import {
  expand,
  randomConcave,
  randomConvex,
  type RandomLoss,
  randomSmooth,
} from "../support/RandomLoss.ts"
import {
  normalisedUsam,
  replacedBy,
  stepping,
  type Subject,
  withoutNormalisation,
  optimSam,
} from "../support/Subject.ts"

const radius = Draw.logarithmic(1, 1e-3)

/** SAM that goes down. */
const downhill = replacedBy(
  stepping((point, gradient, rho) =>
    point.map((w, i) => w - (rho * gradient[i]!) / Vector.norm(gradient)),
  ),
)

export const rise = claim({
  id: "optim-sam/convex-ascent-rise",
  statement:
    "On a convex, beta-smooth loss SAM's perturbed point satisfies L(w) + rho |grad L(w)| <= L(w_a) <= L(w) + rho |grad L(w)| + beta rho^2 / 2.",
  inFloatingPoint: "functions",
  source: derived("definitions of convexity and smoothness"),
  subject: optimSam,
  instances: Draw.record({ problem: randomConvex(), radius }),
  value: (beta: number) => beta / 2,
  /** The margin of `rho |g| <= L(w_a) - L(w) <= rho |g| + curvature rho^2`, to rounding. */
  margin: ({ instance: { problem, radius: rho }, kernels, subject, value: curvatureOf }) => {
    const { beta, objective, start } = expand(problem, kernels)
    const gradient = new Float64Array(start.length)
    const loss = objective.valueAndGradient(start, gradient)
    const perturbed = Observe.perturbed(subject.sam(rho, 0), objective, start)
    const excess = Observe.lossAt(objective, perturbed) - loss - rho * Vector.norm(gradient)
    const rounding = 1e-12 * (1 + loss)
    return Margin.all(
      Margin.atMost(-excess, rounding),
      Margin.atMost(excess, curvatureOf(beta) * rho * rho + rounding),
    )
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "descent for ascent", subject: downhill },
    { name: "half the curvature term", value: (beta) => beta / 4 },
    { name: "a concave loss", instances: Draw.record({ problem: randomConcave(), radius }) },
  ],
})

/** `<grad L(w_a), grad L(w)> / |grad L(w)|^2`. */
const alignment = (method: ReturnType<Subject["sam"]>, problem: RandomLoss, kernels: Kernels) => {
  const { objective, start } = expand(problem, kernels)
  const gradient = Observe.gradientAt(objective, start)
  const perturbed = Observe.perturbed(method, objective, start)
  return (
    Vector.dot(Observe.gradientAt(objective, perturbed), gradient) /
    Elementary.square(Vector.norm(gradient))
  )
}

export const convexAlignment = claim({
  id: "optim-sam/convex-gradient-alignment",
  statement:
    "On a convex loss the perturbed gradient of SAM and of USAM satisfies <grad L(w_a), grad L(w)> >= |grad L(w)|^2.",
  inFloatingPoint: "functions",
  source: derived("the gradient of a convex loss is monotone"),
  subject: optimSam,
  instances: Draw.record({ problem: randomConvex(), radius }),
  margin: ({ instance: { problem, radius: rho }, kernels, subject }) =>
    Margin.all(
      Margin.atLeast(alignment(subject.sam(rho, 0), problem, kernels), 1, 1e-12),
      Margin.atLeast(alignment(subject.usam(rho, 0), problem, kernels), 1, 1e-12),
    ),
  controls: [
    { name: "descent for ascent", subject: downhill },
    { name: "a concave loss", instances: Draw.record({ problem: randomConcave(), radius }) },
  ],
})

export const usamAlignment = claim({
  id: "optim-sam/smooth-usam-gradient-alignment",
  statement:
    "On a beta-smooth loss, convex or not, the perturbed gradient of USAM satisfies <grad L(w_a), grad L(w)> >= (1 - rho beta) |grad L(w)|^2.",
  inFloatingPoint: "functions",
  source: derived("definition of smoothness"),
  subject: optimSam,
  instances: Draw.record({
    problem: randomSmooth(),
    /** Radius times smoothness. */
    relativeRadius: Draw.linear(1, 0.01),
  }),
  value: (r: number) => 1 - r,
  margin: ({ instance: { problem, relativeRadius }, kernels, subject, value: least }) => {
    const { beta } = expand(problem, kernels)
    const found = alignment(subject.usam(relativeRadius / beta, 0), problem, kernels)
    return Margin.atLeast(found, least(relativeRadius), 1e-12)
  },
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "half the radius", value: (r) => 1 - r / 2 },
  ],
})
