/** Quadratics: the thresholds of stability, and where SAM bounces in the end. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import { advance } from "@nonconvex/problems/Advance"
import type { Method } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import { quadratic } from "@nonconvex/problems/Quadratic"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import * as Observe from "../support/Observe.ts"
import { derived, recalled } from "../support/Paper.ts"
import { basisOf, expand, randomQuadratic, startOf } from "../support/RandomStronglyConvex.ts"
import { normalisedUsam, type Subject, withoutNormalisation, optimSam } from "../support/Subject.ts"
import { within } from "../support/Within.ts"

const nearThreshold = Draw.record({
  problem: randomQuadratic(),
  radius: Draw.logarithmic(1, 1e-3),
  /** The learning rate or radius, as a multiple of the threshold. */
  multiple: within([1.5, 1.01], [0.5, 0.99]),
})

const horizon = 3000

/** Runs for 3,000 steps, or until the distance has grown a millionfold: `|w_t| / |w_0|` at the end. */
const growth = (method: Method, objective: Objective, start: Float64Array) => {
  const initial = Vector.norm(start)
  let last = { ratio: 1, steps: 0 }
  Observe.follow(method, objective, start, horizon, (point, steps) => {
    last = { ratio: Vector.norm(point) / initial, steps }
    return last.ratio > 1e6 ? "stop" : undefined
  })
  return last
}

/** The margin of "diverges past the threshold, and stays below `ceiling` short of it". */
const side = ({ ratio, steps }: ReturnType<typeof growth>, multiple: number, ceiling = 1) => {
  if (multiple < 1) return Margin.atMost(ratio, ceiling)
  return ratio > 1e6 ? Margin.atMost(steps, horizon) : Margin.atLeast(ratio, 1e6)
}

/** USAM needs a smaller learning rate than gradient descent. */
export const usamThreshold = claim({
  id: "optim-sam/usam-threshold",
  statement:
    "On a beta-smooth quadratic USAM contracts from every start when eta < 2 / (beta + rho beta^2), and diverges from almost every start when eta is larger.",
  inFloatingPoint: "run",
  source: recalled("Theorem 1, USAM"),
  subject: optimSam,
  instances: nearThreshold,
  value: Theory.usamThreshold,
  margin: ({ instance: { multiple, problem, radius }, kernels, subject, value: threshold }) => {
    const { beta, objective, start } = expand(problem, kernels)
    const eta = multiple * threshold(radius, beta)
    return side(growth(subject.usam(radius, eta), objective, start), multiple)
  },
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "twice the threshold", value: times(2, Theory.usamThreshold) },
    {
      name: "half the radius in the threshold",
      value: (rho, lambda) => Theory.usamThreshold(rho / 2, lambda),
    },
    {
      name: "the threshold of gradient descent",
      value: (_rho, lambda) => Theory.gradientDescentThreshold(lambda),
    },
  ],
})

/** The same, solved for the radius. */
export const usamRadiusThreshold = claim({
  id: "optim-sam/usam-radius-threshold",
  statement:
    "On a beta-smooth quadratic and with eta < 2/beta, USAM contracts when rho < (2 / (eta beta) - 1) / beta, and diverges from almost every start when rho is larger.",
  inFloatingPoint: "run",
  source: derived("Theorem 1, USAM, solved for the radius"),
  subject: optimSam,
  instances: Draw.record({
    problem: randomQuadratic(),
    /** Learning rate times smoothness. */
    product: Draw.linear(1, 0.1),
    multiple: within([1.5, 1.02], [0.5, 0.98]),
  }),
  value: Theory.usamRadiusThreshold,
  margin: ({ instance: { multiple, problem, product }, kernels, subject, value: threshold }) => {
    const { beta, objective, start } = expand(problem, kernels)
    const eta = product / beta
    const radius = multiple * threshold(eta, beta)
    return side(growth(subject.usam(radius, eta), objective, start), multiple)
  },
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "twice the threshold", value: times(2, Theory.usamRadiusThreshold) },
  ],
})

/** The headline of Theorem 1: the normalisation keeps the stability of gradient descent. */
export const samThreshold = claim({
  id: "optim-sam/sam-threshold",
  statement:
    "On a beta-smooth quadratic SAM stays bounded when eta < 2/beta and diverges from almost every start when eta > 2/beta, whatever its radius: just like gradient descent.",
  inFloatingPoint: "run",
  source: recalled("Theorem 1: SAM keeps the criterion of gradient descent"),
  subject: optimSam,
  instances: nearThreshold,
  value: Theory.gradientDescentThreshold,
  margin: ({ instance: { multiple, problem, radius }, kernels, subject, value: threshold }) => {
    const { alpha, beta, objective, start } = expand(problem, kernels)
    const eta = multiple * threshold(beta)
    const distance = Vector.norm(start)
    const sam = growth(subject.sam(radius, eta), objective, start)
    const gradientDescent = growth(subject.sam(0, eta), objective, start)
    const bound = Theory.samDistance(horizon, distance, eta, radius, alpha, beta)
    return Margin.all(
      side(sam, multiple, (distance + bound) / distance),
      side(gradientDescent, multiple),
    )
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "twice the threshold", value: times(2, Theory.gradientDescentThreshold) },
    { name: "half the threshold", value: times(0.5, Theory.gradientDescentThreshold) },
  ],
})

/** A quadratic whose top eigenvalue is separated from the others. */
const separated = {
  top: Draw.logarithmic(1, 100),
  /** The other eigenvalues, as multiples of `top`; one dimension each. */
  ratios: Draw.list(Draw.logarithmic(0.98, 0.01), 0, 5),
  /** Learning rate times `top`. */
  product: within([1, 0.1], [1, 1.9]),
  seed: Draw.seed(),
}

/**
 * Where SAM is once every transient has shrunk by e^-50, and one step later.
 *
 * The basis is rotated on purpose. In the basis of the eigenvectors the top component can underflow to 0 while small
 * eigenvalues still dominate the gradient, and then SAM bounces along another eigenvector for ever: an artefact of float64
 * that the rounding of any other basis repairs.
 */
const settle = (
  subject: Subject,
  {
    product,
    ratios,
    seed,
    top,
  }: { [Key in keyof typeof separated]: Draw.Drawn<(typeof separated)[Key]> },
  radius: number,
  kernels: Kernels,
) => {
  const spectrum = [top, ...ratios.map((ratio) => ratio * top)]
  const dimension = spectrum.length
  const basis = basisOf(seed, dimension)
  const objective = quadratic({ spectrum, basis })
  const method = subject.sam(radius, product / top)
  // far out an eigenvalue decays at its own rate; in the orbit those near the top decay by 0.97 at most
  const slowest = Math.min(0.03, product * Math.min(1, ...ratios))
  const state = method.init(objective, startOf(seed, dimension))
  advance(method, [state], Math.ceil(50 / slowest), { kernels })
  const point = state.point.slice()
  method.step(state)
  return {
    objective,
    topEigenvector: Float64Array.from({ length: dimension }, (_, i) => basis[i * dimension]!),
    point,
    next: state.point,
  }
}

/** The bouncing of SAM. */
export const bounce = claim({
  id: "optim-sam/quadratic-bounce",
  statement:
    "On a quadratic with a simple top eigenvalue lambda and 0 < eta lambda < 2, SAM ends, from almost every start, in the orbit +-eta rho lambda / (2 - eta lambda) along the top eigenvector.",
  inFloatingPoint: "run",
  source: derived("the bouncing of SAM, with its amplitude"),
  subject: optimSam,
  instances: Draw.record({ ...separated, radius: Draw.logarithmic(1, 1e-3) }),
  value: Theory.bounceAmplitude,
  margin: ({ instance, kernels, subject, value: amplitude }) => {
    const { next, point, topEigenvector } = settle(subject, instance, instance.radius, kernels)
    const expected = amplitude(instance.product / instance.top, instance.radius, instance.top)
    const coordinate = Vector.dot(point, topEigenvector)
    const along = topEigenvector.map((v) => coordinate * v)
    const tolerance = { absolute: 1e-6 * expected }
    return Margin.all(
      Margin.equal(Math.abs(coordinate), expected, tolerance),
      Margin.equal(Vector.distance(point, along), 0, tolerance),
      Margin.equal(
        Vector.distance(
          next,
          point.map((w) => -w),
        ),
        0,
        tolerance,
      ),
    )
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "twice the amplitude", value: times(2, Theory.bounceAmplitude) },
    {
      name: "amplitude for small learning rates, eta rho lambda / 2",
      value: (eta, rho, lambda) => (eta * rho * lambda) / 2,
    },
    {
      name: "a top eigenvalue that is not simple",
      instances: Draw.record({
        ...separated,
        ratios: Draw.list(Draw.oneOf(1), 1, 5),
        radius: Draw.logarithmic(1, 1e-3),
      }),
    },
  ],
})

const formulas = { radiusForFloor: Theory.radiusForFloor, bounceFloor: Theory.bounceFloor }

/** The loss of that orbit, and the radius that gives a chosen one: what `advise` suggests. */
export const floor = claim({
  id: "optim-sam/quadratic-loss-floor",
  statement:
    "On a quadratic with a simple top eigenvalue lambda and 0 < eta lambda < 2, SAM with the radius (2 - eta lambda) / (eta lambda) sqrt(2 F / lambda) ends at the loss F above the minimum.",
  inFloatingPoint: "run",
  source: derived("the floor of SAM on a quadratic, solved for the radius"),
  subject: optimSam,
  instances: Draw.record({ ...separated, floor: Draw.logarithmic(1, 1e-6) }),
  value: formulas,
  margin: ({ instance, kernels, subject, value: { bounceFloor, radiusForFloor } }) => {
    const { floor: expected, product, top } = instance
    const eta = product / top
    const radius = radiusForFloor(expected, eta, top)
    const { objective, point } = settle(subject, instance, radius, kernels)
    return Margin.all(
      Margin.equal(Observe.lossAt(objective, point), expected, { relative: 1e-6 }),
      Margin.equal(bounceFloor(eta, radius, top), expected, { relative: 1e-6 }),
    )
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    {
      name: "twice the radius",
      value: { ...formulas, radiusForFloor: times(2, formulas.radiusForFloor) },
    },
    {
      name: "twice the floor",
      value: { ...formulas, bounceFloor: times(2, formulas.bounceFloor) },
    },
  ],
})
