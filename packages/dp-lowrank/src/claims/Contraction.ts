/** The group of claims about the contraction of a step. One file a group; src/claims.ts lists them. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { type Method, quadratic } from "@nonconvex/problems"
import * as Theory from "../Theory.ts"

/** What the laws are about: yours as well as ours, see `laws` in src/claims.ts. */
export type Subject = (learningRate: number) => Method

/** An instance is a small structure of numbers with few digits, expanded deterministically. */
interface Instance {
  readonly strongConvexity: number
  /** Of the largest and the smallest eigenvalue. */
  readonly conditionNumber: number
  /** Of the learning rate and the largest eigenvalue: the theorem assumes that it is below 2. */
  readonly product: number
  readonly dimension: number
  readonly steps: number
  readonly seed: number
}

/** All learning rates that the theorem allows; the control below draws those that it does not. */
const instances = (product = Draw.linear(0.05, 1.95)) =>
  Draw.record<Instance>({
    strongConvexity: Draw.logarithmic(0.01, 100),
    conditionNumber: Draw.logarithmic(1, 1000),
    product,
    dimension: Draw.integer(2, 6),
    steps: Draw.integer(1, 20),
    seed: Draw.seed(),
  })

/** Distances to the minimiser, which is 0, before and after the steps of an instance, and the bound. */
const follow = (subject: Subject, instance: Instance) => {
  const { conditionNumber, dimension, product, steps, strongConvexity } = instance
  const smoothness = strongConvexity * conditionNumber
  const learningRate = product / smoothness
  // Both ends of the spectrum are there, so that the bound can be attained.
  const spectrum = new Float64Array(dimension).fill(strongConvexity)
  spectrum[0] = smoothness
  const start = new Float64Array(dimension)
  RandomStream.make(Seed.root(instance.seed).child("start")).fillNormal(start)
  const method = subject(learningRate)
  const state = method.init(quadratic({ spectrum }), start)
  for (let t = 0; t < steps; t++) method.step(state)
  const before = Vector.norm(start)
  return {
    before,
    after: Vector.norm(state.point),
    bound: Theory.distanceAfter(steps, before, learningRate, strongConvexity, smoothness),
  }
}

/** The method that climbs: it sees the negative of every value and gradient. */
const ascending = (method: Method): Method => ({
  ...method,
  init: (objective, start) =>
    method.init(
      {
        ...objective,
        valueAndGradient: (x, gradient) => {
          const value = objective.valueAndGradient(x, gradient)
          Vector.scale(-1, gradient)
          return -value
        },
      },
      start,
    ),
})

/** Rounding of some twenty steps of a few operations each, far above what was seen. */
const slack = 1e-12

/** The bound of the contraction, at every step. */
export const contraction = law<Subject, Instance>({
  id: "dp-lowrank/contraction",
  statement:
    "On a quadratic with eigenvalues in [alpha, beta], t steps of gradient descent shorten the distance to the minimiser by max(|1 - eta alpha|, |1 - eta beta|)^t.",
  source: {
    paper: "Bubeck 2015",
    statement: "contraction of gradient descent",
    basis: "derived here",
  },
  instances: instances(),
  // How far the instance is from violating the statement: below 0 it does.
  margin: (subject, instance) => {
    const { after, bound } = follow(subject, instance)
    return Margin.atMost(after, bound, slack)
  },
  // Each control changes the algorithm, or an assumption, or the statement, and must make the law fail.
  controls: [
    {
      name: "half of the learning rate",
      subject: (subject) => (learningRate) => subject(learningRate / 2),
    },
    {
      name: "the factor of the steepest direction alone",
      margin: (subject, instance) => {
        const { after, before } = follow(subject, instance)
        return Margin.atMost(
          after,
          Math.abs(1 - instance.product) ** instance.steps * before,
          slack,
        )
      },
    },
  ],
})

/** The threshold of stability: below `2 / beta` every step shortens the distance. */
export const stability = law<Subject, Instance>({
  id: "dp-lowrank/stability",
  statement:
    "On a strongly convex quadratic, gradient descent approaches the minimiser where eta < 2 / beta.",
  source: { paper: "Bubeck 2015", statement: "stability threshold", basis: "derived here" },
  instances: instances(),
  margin: (subject, instance) => {
    const { after, before } = follow(subject, instance)
    return Margin.atMost(after, before)
  },
  controls: [
    {
      name: "a learning rate past 2 / beta",
      instances: instances(Draw.linear(2.05, 3)),
    },
    {
      name: "ascent in place of descent",
      subject: (subject) => (learningRate) => ascending(subject(learningRate)),
    },
  ],
})
