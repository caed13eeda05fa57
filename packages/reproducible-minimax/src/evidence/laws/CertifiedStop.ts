/** The residual of accelerated gradient descent is a certificate, and falls. */
import { Draw, law, Margin, parametrisedLaw } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { follow } from "../support/Follow.ts"
import { regularisedQuadratic } from "../support/RegularisedGame.ts"
import { derived } from "../support/Paper.ts"
import { expandQuadratic, fewCoordinates, quadraticFields } from "../support/RandomProblem.ts"
import { mutant, type Subject } from "../support/Subject.ts"
import { regularised } from "../../problem/Problem.ts"
import * as Theory from "../../theory/index.ts"

const stopped = {
  ...quadraticFields,
  strength: Draw.logarithmic(1, 1e-4),
  steps: Draw.integer(1, 200),
}

export const certifiedStop = parametrisedLaw({
  id: "reproducible-minimax/certified-stop",
  statement:
    "After a step of accelerated gradient descent the gap of the regularised objective is at most |g|^2 (1 / (2 r) - 1 / (2 L)) and the distance to its minimiser at most |g| / r, g the gradient mapping.",
  source: derived("the stopping rule of Algorithm 1"),
  instances: Draw.record(stopped),
  margin: (subject: Subject, instance, _, factor: number) => {
    const { steps, strength: r } = instance
    const { gapAt, solution, start, value, whole } = regularisedQuadratic(instance)
    const scheme = subject.acceleratedStronglyConvex(whole.smoothness, r)
    const state = follow(scheme, whole, start, steps)
    const residual = scheme.residual(state)
    const scale = 1e-14 * (1 + value(start))
    const gap = factor * Theory.gapFromMapping(residual, r, whole.smoothness) + scale
    const distance = factor * Theory.distanceFromResidual(residual, 0, r) + 1e-13 / r
    return Margin.all(
      Margin.atMost(gapAt(state.point), gap, 1e-9),
      Margin.atMost(Vector.distance(state.point, solution), distance, 1e-9),
    )
  },
  holds: 1,
  fails: [["half of both", 0.5]],
})

export const certificateVanishes = law({
  id: "reproducible-minimax/certificate-vanishes",
  statement:
    "With exact gradients the residual of accelerated gradient descent falls a millionfold in 40 sqrt(L / r) steps.",
  source: derived("the stopping rule of Algorithm 1"),
  instances: Draw.record({
    ...fewCoordinates,
    strength: Draw.logarithmic(1, 1e-3),
    steps: Draw.integer(1, 1),
  }),
  margin: (subject: Subject, instance) => {
    const { problem, start } = expandQuadratic(instance)
    const { strength: r } = instance
    const L = problem.smoothness + r
    const rounds = Math.ceil(40 * Math.sqrt(L / r))
    const scheme = subject.acceleratedStronglyConvex(L, r)
    const state = scheme.init(regularised(problem, r, start), start)
    scheme.step(state)
    const before = scheme.residual(state)
    for (let t = 0; t < rounds; t++) scheme.step(state)
    return Margin.atMost(scheme.residual(state), 1e-6 * before + 1e-13)
  },
  controls: [
    mutant("the momentum of a problem a hundred times less convex", (subject) => ({
      acceleratedStronglyConvex: (smoothness, strongConvexity) =>
        subject.acceleratedStronglyConvex(smoothness, strongConvexity / 1e4),
    })),
  ],
})
