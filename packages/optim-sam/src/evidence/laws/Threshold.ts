/** Quadratics: the learning rates and radii at which SAM, USAM and gradient descent stop converging. */
import { Draw, Margin, parametrisedLaw } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Method } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import * as Observe from "../support/Observe.ts"
import { derived, recalled } from "../support/Paper.ts"
import { expand, randomQuadratic } from "../support/RandomStronglyConvex.ts"
import { normalisedUsam, type Subject, withoutNormalisation } from "../support/Subject.ts"
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
export const usamThreshold = parametrisedLaw({
  id: "optim-sam/usam-threshold",
  statement:
    "On a beta-smooth quadratic USAM contracts from every start when eta < 2 / (beta + rho beta^2), and diverges from almost every start when eta is larger.",
  source: recalled("Theorem 1, USAM"),
  instances: nearThreshold,
  margin: (subject: Subject, { multiple, problem, radius }, { kernels }, threshold) => {
    const { beta, objective, start } = expand(problem, kernels)
    const eta = multiple * threshold(radius, beta)
    return side(growth(subject.usam(radius, eta), objective, start), multiple)
  },
  holds: Theory.usamThreshold,
  fails: [
    { name: "with the normalisation", subject: normalisedUsam },
    ["twice the threshold", times(2, Theory.usamThreshold)],
    ["half the radius in the threshold", (rho, lambda) => Theory.usamThreshold(rho / 2, lambda)],
    [
      "the threshold of gradient descent",
      (_rho, lambda) => Theory.gradientDescentThreshold(lambda),
    ],
  ],
})

/** The same, solved for the radius. */
export const usamRadiusThreshold = parametrisedLaw({
  id: "optim-sam/usam-radius-threshold",
  statement:
    "On a beta-smooth quadratic and with eta < 2/beta, USAM contracts when rho < (2 / (eta beta) - 1) / beta, and diverges from almost every start when rho is larger.",
  source: derived("Theorem 1, USAM, solved for the radius"),
  instances: Draw.record({
    problem: randomQuadratic(),
    /** Learning rate times smoothness. */
    product: Draw.linear(1, 0.1),
    multiple: within([1.5, 1.02], [0.5, 0.98]),
  }),
  margin: (subject: Subject, { multiple, problem, product }, { kernels }, threshold) => {
    const { beta, objective, start } = expand(problem, kernels)
    const eta = product / beta
    const radius = multiple * threshold(eta, beta)
    return side(growth(subject.usam(radius, eta), objective, start), multiple)
  },
  holds: Theory.usamRadiusThreshold,
  fails: [
    { name: "with the normalisation", subject: normalisedUsam },
    ["twice the threshold", times(2, Theory.usamRadiusThreshold)],
  ],
})

/** The headline of Theorem 1: the normalisation keeps the stability of gradient descent. */
export const samThreshold = parametrisedLaw({
  id: "optim-sam/sam-threshold",
  statement:
    "On a beta-smooth quadratic SAM stays bounded when eta < 2/beta and diverges from almost every start when eta > 2/beta, whatever its radius: just like gradient descent.",
  source: recalled("Theorem 1: SAM keeps the criterion of gradient descent"),
  instances: nearThreshold,
  margin: (subject: Subject, { multiple, problem, radius }, { kernels }, threshold) => {
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
  holds: Theory.gradientDescentThreshold,
  fails: [
    { name: "no normalisation", subject: withoutNormalisation },
    ["twice the threshold", times(2, Theory.gradientDescentThreshold)],
    ["half the threshold", times(0.5, Theory.gradientDescentThreshold)],
  ],
})
