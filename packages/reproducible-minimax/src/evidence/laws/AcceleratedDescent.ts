/** Accelerated gradient descent: what it reaches with inexact gradients, how far errors move it, and that its residual is a certificate. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { quadratic } from "@nonconvex/problems/Quadratic"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { minimisation, type Problem, regularised } from "../../problem/Problem.ts"
import * as Theory from "../../theory/index.ts"
import { deviation, follow } from "../support/Follow.ts"
import { derived, printed } from "../support/Paper.ts"
import { expandQuadratic, fewCoordinates, quadraticFields } from "../support/RandomProblem.ts"
import * as RandomProblem from "../support/RandomProblem.ts"
import { regularisedQuadratic } from "../support/RegularisedGame.ts"
import { mutant, type Subject, reproducibleMinimax } from "../support/Subject.ts"

export const inexactAcceleration = claim({
  id: "reproducible-minimax/inexact-acceleration",
  statement:
    "On a mu-strongly convex, l-smooth objective and with gradients that err by delta, Inexact-AGD satisfies f(x_T) - f* <= e^(-T / (2 sqrt(kappa))) (f(x_0) - f* + (mu / 4) |x_0 - x*|^2) + sqrt(kappa) (1 / l + 2 / mu) delta^2.",
  inFloatingPoint: "run",
  source: printed("Proposition 3.4, Lemma A.4"),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...RandomProblem.fewCoordinates,
    strength: Draw.logarithmic(1, 3e-4),
    delta: Draw.logarithmic(1, 1e-4),
    steps: Draw.integer(1, 400),
    strategy: RandomProblem.anyStrategy,
  }),
  value: Theory.inexactAcceleratedGap,
  margin: ({ instance, subject, value: bound }) => {
    const { delta, steps: T, strategy, strength: mu } = instance
    const { gapAt, solution, start, stream, whole } = regularisedQuadratic(instance)
    const l = whole.smoothness
    const errors = RandomProblem.strategyOf(strategy, { reference: solution, stream })
    const state = follow(subject.inexactAccelerated(l, mu), inexact(whole, errors, delta), start, T)
    const initial = { gap: gapAt(start), distance: Vector.distance(start, solution) }
    const allowed = bound(initial, { delta, l, mu, T }) + 1e-12 * (1 + initial.gap)
    return Margin.atMost(gapAt(state.point), allowed, 1e-9)
  },
  controls: [
    mutant("no momentum, at a hundredth of the step", (subject) => ({
      inexactAccelerated: (smoothness) => subject.gradient(0.005 / smoothness),
    })),
    {
      name: "an error of order delta^2 / l only",
      value: (initial, { T, delta, l, mu }) => {
        const rate = Elementary.exp(-T / (2 * Math.sqrt(l / mu)))
        return (
          rate * (initial.gap + (mu / 4) * (initial.distance * initial.distance)) +
          (delta * delta) / l / 4
        )
      },
    },
  ],
})

/** Why quadratics do not show the exponent 2.5 of Table 1. */
export const quadraticGain = claim({
  id: "reproducible-minimax/quadratic-gain",
  statement:
    "On quadratics the squared deviation of Inexact-AGD with opposed errors delta is at most (2.4 delta / r)^2: the factor sqrt(kappa) of Proposition 3.4 does not show.",
  inFloatingPoint: "run",
  source: derived("section 3: the gain from error to iterate on quadratics"),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...RandomProblem.fewCoordinates,
    strength: Draw.logarithmic(1, 1e-3),
    delta: Draw.logarithmic(1, 1e-6),
  }),
  value: 2.4,
  margin: ({ instance, subject, value: factor }) => {
    const { delta, strength: r } = instance
    const { problem, start, stream } = RandomProblem.expandQuadratic(instance)
    const line = stream("error").onSphere(start.length)
    const L = problem.smoothness + r
    const steps = Math.ceil(8 * Math.sqrt(L / r)) + 20
    const run = (sign: number) => {
      const errors = ErrorStrategy.constant(line.map((x) => sign * x))
      const whole = regularised(inexact(problem, errors, delta), r, start)
      return follow(subject.inexactAccelerated(L, r), whole, start, steps).point
    }
    const gain = (factor * delta) / r
    return Margin.atMost(deviation(run(1), run(-1)), gain * gain, 1e-9)
  },
  controls: [{ name: "a gain of 1 / (2 r) for each run", value: 1 }],
})

export const linearity = claim({
  id: "reproducible-minimax/deviation-is-linear-in-the-error",
  statement:
    "On quadratics constant errors of any size move the answer of the regularised method in proportion.",
  inFloatingPoint: "run",
  source: derived("the regularised solution is affine in the errors of an affine operator"),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...RandomProblem.smallQuadratics,
    strength: Draw.logarithmic(1, 1e-3),
    factor: Draw.linear(2, 100),
  }),
  value: (factor: number) => factor,
  margin: ({ instance, subject, value: expected }) => {
    const { problem, start, stream } = RandomProblem.expandQuadratic(instance)
    const errors = ErrorStrategy.constant(stream("error").onSphere(start.length))
    const r = instance.strength
    const run = (delta: number) => {
      const whole = regularised(inexact(problem, errors, delta), r, start)
      return follow(subject.inexactAccelerated(1 + r, r), whole, start, 60).point
    }
    const exact = run(0)
    const moved = (delta: number) => Math.sqrt(deviation(run(delta), exact))
    const tolerance = { relative: 1e-6, absolute: 1e-12 }
    const allowed = expected(instance.factor) * moved(0.01)
    return Margin.equal(moved(0.01 * instance.factor), allowed, tolerance)
  },
  controls: [{ name: "a deviation that grows with the square", value: (f) => f * f }],
})

const stopped = {
  ...quadraticFields,
  strength: Draw.logarithmic(1, 1e-4),
  steps: Draw.integer(1, 200),
}

/** A step from 1 on r x^2 / 2 by a method for the smoothness L: what is found there, by what the residual says. */
const attainedStop = (subject: Subject, r: number, L: number) => {
  const line = minimisation(quadratic({ spectrum: [r] }), { smoothness: L })
  const start = Float64Array.of(1)
  const residualOf = (problem: Problem) => {
    const scheme = subject.acceleratedStronglyConvex(L, r)
    const state = follow(scheme, problem, start, 1)
    return { residual: scheme.residual(state), x: state.point[0]! }
  }
  const exact = residualOf(line)
  // the error makes the gradient at 1 smaller than it is
  const delta = r / 4
  const erring = residualOf(inexact(line, ErrorStrategy.constant(Float64Array.of(-1)), delta))
  return {
    gap: (r * (exact.x * exact.x)) / 2 / Theory.gapFromMapping(exact.residual, r, L) / (1 - r / L),
    before: r / 2 / Theory.gapFromResidual(erring.residual, delta, r),
    distance: 1 / Theory.distanceFromResidual(erring.residual, delta, r),
  }
}

/** Two steps from 1 on r x^2 / 2, of which the second looks ahead by the momentum of the method. */
const momentumMargin = (subject: Subject, r: number, L: number): Margin.Comparison => {
  const line = minimisation(quadratic({ spectrum: [r] }), { smoothness: L })
  const q = Math.sqrt(r / L)
  const methods = [
    [subject.acceleratedStronglyConvex(L, r), 1 / L, (1 - q) / (1 + q)],
    [subject.inexactAccelerated(L, r), 1 / (2 * L), (2 - q) / (2 + q)],
  ] as const
  return Margin.all(
    ...methods.map(([scheme, step, momentum]) => {
      const first = 1 - step * r
      const second = (first + momentum * (first - 1)) * first
      const found = follow(scheme, line, Float64Array.of(1), 2).point[0]!
      return Margin.equal(found, second, { relative: 1e-9, absolute: 1e-12 })
    }),
  )
}

export const certifiedStop = claim({
  id: "reproducible-minimax/certified-stop",
  statement:
    "After a step of accelerated gradient descent the gap of the regularised objective is at most |g|^2 (1 / (2 r) - 1 / (2 L)) and the distance to its minimiser at most |g| / r, g the gradient mapping; on r x^2 / 2 with an error that pulls outward both are attained, the latter without the 1 / (2 L), and without an error the gap but for a factor of 1 - r / L.",
  inFloatingPoint: "limit",
  source: derived("the stopping rule of Algorithm 1"),
  subject: reproducibleMinimax,
  instances: Draw.record(stopped),
  value: 1,
  margin: ({ instance, subject, value: factor }) => {
    const { steps, strength: r } = instance
    const { gapAt, solution, start, value, whole } = regularisedQuadratic(instance)
    const scheme = subject.acceleratedStronglyConvex(whole.smoothness, r)
    const state = follow(scheme, whole, start, steps)
    const residual = scheme.residual(state)
    const scale = 1e-14 * (1 + value(start))
    const attained = attainedStop(subject, r, whole.smoothness)
    const gap = factor * Theory.gapFromMapping(residual, r, whole.smoothness) + scale
    const distance = factor * Theory.distanceFromResidual(residual, 0, r) + 1e-13 / r
    return Margin.all(
      Margin.atMost(gapAt(state.point), gap, 1e-9),
      Margin.atMost(Vector.distance(state.point, solution), distance, 1e-9),
      momentumMargin(subject, r, whole.smoothness),
      Margin.equal(attained.distance, factor, { relative: 1e-9 }),
      Margin.equal(attained.gap, factor, { relative: 1e-9 }),
      Margin.equal(attained.before, factor, { relative: 1e-9 }),
    )
  },
  controls: [{ name: "half of both", value: 0.5 }],
})

export const certificateVanishes = claim({
  id: "reproducible-minimax/certificate-vanishes",
  statement:
    "With exact gradients the residual of accelerated gradient descent falls a millionfold in 40 sqrt(L / r) steps.",
  inFloatingPoint: "run",
  source: derived("the stopping rule of Algorithm 1"),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...fewCoordinates,
    strength: Draw.logarithmic(1, 1e-3),
    steps: Draw.integer(1, 1),
  }),
  margin: ({ instance, subject }) => {
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
