/** M4, M5, M16: the accelerated methods on strongly convex objectives, exact and inexact. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { inexact } from "../../oracle/InexactOracle.ts"
import { regularised } from "../../problem/Problem.ts"
import * as Theory from "../../theory/index.ts"
import { deviation, follow } from "../support/Follow.ts"
import { direction, regularisedSolution } from "../support/Linear.ts"
import { derived, printed } from "../support/Paper.ts"
import {
  expandQuadratic,
  quadraticFields,
  type RandomQuadratic,
  strategies,
  type StrategyName,
  strategyOf,
} from "../support/RandomProblem.ts"
import type { Subject } from "../support/Subject.ts"

interface Inexact extends RandomQuadratic {
  readonly strength: number
  readonly delta: number
  readonly steps: number
  readonly strategy: StrategyName
}

const inexactInstances = Draw.record<Inexact>({
  ...quadraticFields,
  dimension: Draw.oneOf(1, 2, 3, 4, 6, 8),
  strength: Draw.logarithmic(1, 3e-4),
  delta: Draw.logarithmic(1, 1e-4),
  steps: Draw.integer(1, 400),
  strategy: Draw.oneOf(...strategies),
})

const inexactMargin =
  (bound: typeof Theory.inexactAcceleratedGap) =>
  (subject: Subject, instance: Inexact): number => {
    const { delta, steps: T, strategy, strength: mu } = instance
    const { problem, start, stream, value } = expandQuadratic(instance)
    const whole = regularised(problem, mu, start)
    const solution = regularisedSolution(problem.operator, mu, start)
    const l = whole.smoothness
    const gapAt = (x: Float64Array) =>
      value(x) - value(solution) + (mu / 2) * (deviation(x, start) - deviation(solution, start))
    const errors = strategyOf(strategy, { reference: solution, stream })
    const state = follow(subject.inexactAccelerated(l, mu), inexact(whole, errors, delta), start, T)
    const initial = { gap: gapAt(start), distance: Vector.distance(start, solution) }
    return Margin.atMost(
      gapAt(state.point),
      bound(initial, { delta, l, mu, T }) + 1e-12 * (1 + initial.gap),
      1e-9,
    )
  }

/** M4: Proposition 3.4. */
export const inexactAcceleration = law<Subject, Inexact>({
  id: "reproducible-minimax/inexact-acceleration",
  statement:
    "On a mu-strongly convex, l-smooth objective and with gradients that err by delta, Inexact-AGD satisfies f(x_T) - f* <= e^(-T / (2 sqrt(kappa))) (f(x_0) - f* + (mu / 4) |x_0 - x*|^2) + sqrt(kappa) (1 / l + 2 / mu) delta^2.",
  source: printed("Proposition 3.4, Lemma A.4"),
  instances: inexactInstances,
  margin: inexactMargin(Theory.inexactAcceleratedGap),
  controls: [
    {
      name: "no momentum, at a hundredth of the step",
      subject: (subject) => ({
        ...subject,
        inexactAccelerated: (smoothness) => subject.gradient(0.005 / smoothness),
      }),
    },
    {
      name: "an error of order delta^2 / l only",
      margin: inexactMargin((initial, { T, delta, l, mu }) => {
        const rate = Math.exp(-T / (2 * Math.sqrt(l / mu)))
        return rate * (initial.gap + (mu / 4) * initial.distance ** 2) + delta ** 2 / l / 4
      }),
    },
  ],
})

interface Stopped extends RandomQuadratic {
  readonly strength: number
  readonly steps: number
}

const stoppedMargin =
  (factor: number) =>
  (subject: Subject, instance: Stopped): number => {
    const { steps, strength: r } = instance
    const { problem, start, value } = expandQuadratic(instance)
    const whole = regularised(problem, r, start)
    const solution = regularisedSolution(problem.operator, r, start)
    const state = follow(
      subject.acceleratedStronglyConvex(whole.smoothness, r),
      whole,
      start,
      steps,
    )
    const gap =
      value(state.point) -
      value(solution) +
      (r / 2) * (deviation(state.point, start) - deviation(solution, start))
    const scale = 1e-14 * (1 + value(start))
    return Margin.all(
      Margin.atMost(
        gap,
        factor * Theory.gapFromMapping(state.residual, r, whole.smoothness) + scale,
        1e-9,
      ),
      Margin.atMost(
        Vector.distance(state.point, solution),
        factor * Theory.distanceFromResidual(state.residual, 0, r) + 1e-13 / r,
        1e-9,
      ),
    )
  }

/** M5: the certified stop. */
export const certifiedStop = law<Subject, Stopped>({
  id: "reproducible-minimax/certified-stop",
  statement:
    "After a step of accelerated gradient descent the gap of the regularised objective is at most |g|^2 (1 / (2 r) - 1 / (2 L)) and the distance to its minimiser at most |g| / r, g the gradient mapping.",
  source: derived("the stopping rule of Algorithm 1"),
  instances: Draw.record<Stopped>({
    ...quadraticFields,
    strength: Draw.logarithmic(1, 1e-4),
    steps: Draw.integer(1, 200),
  }),
  margin: stoppedMargin(1),
  controls: [{ name: "half of both", margin: stoppedMargin(0.5) }],
})

const shrinkingMargin = (subject: Subject, instance: Stopped): number => {
  const { problem, start } = expandQuadratic(instance)
  const { strength: r } = instance
  const L = problem.smoothness + r
  const rounds = Math.ceil(40 * Math.sqrt(L / r))
  const scheme = subject.acceleratedStronglyConvex(L, r)
  const state = scheme.init(regularised(problem, r, start), start)
  scheme.step(state)
  const before = state.residual
  for (let t = 0; t < rounds; t++) scheme.step(state)
  return Margin.atMost(state.residual, 1e-6 * before + 1e-13)
}

/** M5, second half: the certificate goes to 0. */
export const certificateVanishes = law<Subject, Stopped>({
  id: "reproducible-minimax/certificate-vanishes",
  statement:
    "With exact gradients the residual of accelerated gradient descent falls a millionfold in 40 sqrt(L / r) steps.",
  source: derived("the stopping rule of Algorithm 1"),
  instances: Draw.record<Stopped>({
    ...quadraticFields,
    dimension: Draw.oneOf(1, 2, 3, 4, 6, 8),
    strength: Draw.logarithmic(1, 1e-3),
    steps: Draw.integer(1, 1),
  }),
  margin: shrinkingMargin,
  controls: [
    {
      name: "the momentum of a problem a hundred times less convex",
      subject: (subject) => ({
        ...subject,
        acceleratedStronglyConvex: (smoothness, strongConvexity) =>
          subject.acceleratedStronglyConvex(smoothness, strongConvexity / 1e4),
      }),
    },
  ],
})

interface Opposed extends RandomQuadratic {
  readonly strength: number
  readonly delta: number
}

const opposedMargin =
  (factor: number) =>
  (subject: Subject, instance: Opposed): number => {
    const { delta, strength: r } = instance
    const { problem, start, stream } = expandQuadratic(instance)
    const line = direction(start.length, stream("error"))
    const L = problem.smoothness + r
    const steps = Math.ceil(8 * Math.sqrt(L / r)) + 20
    const run = (sign: number) => {
      const errors = strategyOf("constant", { reference: start, stream })
      const signed: typeof errors = (z, value, error) => {
        errors(z, value, error)
        error.set(line)
        Vector.scale(sign, error)
      }
      const whole = regularised(inexact(problem, signed, delta), r, start)
      return follow(subject.inexactAccelerated(L, r), whole, start, steps).point
    }
    return Margin.atMost(
      deviation(run(1), run(-1)),
      ((factor * delta) / r) * ((factor * delta) / r),
      1e-9,
    )
  }

/** M16: quadratics do not show the exponent 2.5. */
export const quadraticGain = law<Subject, Opposed>({
  id: "reproducible-minimax/quadratic-gain",
  statement:
    "On quadratics the squared deviation of Inexact-AGD with opposed errors delta is at most (2.4 delta / r)^2: the factor sqrt(kappa) of Proposition 3.4 does not show.",
  source: derived("section 3: the gain from error to iterate on quadratics"),
  instances: Draw.record<Opposed>({
    ...quadraticFields,
    dimension: Draw.oneOf(1, 2, 3, 4, 6, 8),
    strength: Draw.logarithmic(1, 1e-3),
    delta: Draw.logarithmic(1, 1e-6),
  }),
  margin: opposedMargin(2.4),
  controls: [{ name: "a gain of 1 / (2 r) for each run", margin: opposedMargin(1) }],
})
