/** Algorithm 1: gap, deviation and steps. */
import { Draw, law, Margin, parametrisedLaw } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { inexact, inexactStart } from "../../oracle/InexactOracle.ts"
import * as Theory from "../../theory/index.ts"
import { deviation } from "../support/Follow.ts"
import { printed } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import type { Subject } from "../support/Subject.ts"
import * as Two from "../support/TwoRuns.ts"

const started = {
  ...Random.fewCoordinates,
  /** As a multiple of l D^2. */
  gap: Draw.logarithmic(1, 0.01),
  /** As a multiple of D. */
  delta: Draw.logarithmic(0.3, 1e-4),
}
type Started = Random.Drawn<typeof started>

/** Two runs of Algorithm 1 from starts around one point. */
const twoStarts = (subject: Subject, instance: Started) => {
  const problem = Random.expandQuadratic(instance)
  const delta = instance.delta * problem.D
  const starts = ["a", "b"].map((label) =>
    inexactStart(problem.start, delta, problem.stream(label)),
  )
  const D = Math.max(...starts.map((start) => Vector.distance(start, problem.minimiser)))
  const eps = instance.gap * D * D
  const request = { gap: eps, distance: D, inexact: "start", delta } as const
  const [first, second] = starts.map((start) =>
    subject.minimisation(problem.problem, start, request),
  )
  return { ...problem, D, eps, delta, first: first!, second: second! }
}

const startMargin =
  (allowed: (delta: number) => number) =>
  (subject: Subject, instance: Started): number => {
    const { delta, eps, first, second, value } = twoStarts(subject, instance)
    return Margin.all(
      Margin.atMost(value(first.point), eps, 1e-9),
      Margin.atMost(deviation(first.point, second.point), allowed(delta), 1e-9),
    )
  }

/** With either stop. */
export const algorithmOneOfStart = law({
  id: "reproducible-minimax/algorithm-1-inexact-start",
  statement:
    "From starts within delta of each other, Algorithm 1 returns points with a gap of at most eps and a squared deviation of at most 4 delta^2.",
  source: printed("Theorem 3.3"),
  instances: Draw.record(started),
  margin: (subject: Subject, instance) => {
    const fixed: Subject = {
      ...subject,
      minimisation: (problem, start, request) =>
        subject.minimisation(problem, start, { ...request, stop: "fixed" }),
    }
    const margin = startMargin(Theory.minimisationDeviationOfStart)
    return Margin.all(margin(subject, instance), margin(fixed, instance))
  },
  controls: [
    {
      name: "a quarter of the deviation",
      margin: startMargin((delta) => delta ** 2 / 16),
      instances: Draw.record({ ...started, decades: Draw.linear(5, 6) }),
    },
    Two.gapTimes("a gap thirty-two times as large", "minimisation", 32),
  ],
})

export const stepsOfAlgorithmOne = parametrisedLaw({
  id: "reproducible-minimax/algorithm-1-steps",
  statement:
    "Algorithm 1 calls the oracle at most 1 + sqrt((l + r) / r) ln(Delta_0 / eps_r) times, with Delta_0 = (l / 2 + r) D^2.",
  source: printed("Theorem 3.3, complexity"),
  instances: Draw.record(started),
  margin: (subject: Subject, instance, _, allowed: (root: number, logarithm: number) => number) => {
    const { D, delta, eps, first } = twoStarts(subject, instance)
    const r = Theory.regularisation(eps, D)
    const accuracy = Theory.minimisationAccuracyOfStart(eps, delta, D)
    const logarithm = Math.log(Theory.initialGap(1, D, r) / accuracy)
    return Margin.atMost(first.steps, allowed(Math.sqrt((1 + r) / r), logarithm))
  },
  holds: (root, logarithm) => 1 + root * logarithm,
  fails: [["a tenth of the steps", (root, logarithm) => 1 + 0.1 * root * logarithm]],
})

export const algorithmOneOfGradient = parametrisedLaw({
  id: "reproducible-minimax/algorithm-1-inexact-gradient",
  statement:
    "With gradients that err by delta, Algorithm 1 returns a gap of at most 6 delta^2 D^3 sqrt(l / (2 eps^3)) + eps / 2 and a squared deviation of at most 48 delta^2 sqrt(l / (2 r^5)).",
  source: printed("Theorem 3.5"),
  instances: Draw.record({
    ...Random.fewCoordinates,
    gap: Draw.logarithmic(0.9, 0.01),
    exponent: Draw.linear(0, 3),
    strategy: Random.anyStrategy,
  }),
  margin: (subject: Subject, instance, _, allowed: (delta: number, r: number) => number) => {
    const { minimiser, problem, start, stream, value } = Random.expandQuadratic(instance)
    const D = Math.max(1, Vector.distance(start, minimiser))
    const eps = instance.gap * D * D
    const delta = (eps / D) * 10 ** -instance.exponent
    const request = { gap: eps, distance: D, inexact: "gradient", delta } as const
    const run = (strategy: Random.StrategyName) => {
      const errors = Random.strategyOf(strategy, { reference: minimiser, stream })
      return subject.minimisation(inexact(problem, errors, delta), start, request).point
    }
    const [first, second] = [run(instance.strategy), run("opposed")]
    const gap = Theory.minimisationGapOfGradient(eps, delta, D, 1)
    return Margin.all(
      Margin.atMost(value(first), gap, 1e-9),
      Margin.atMost(deviation(first, second), allowed(delta, Theory.regularisation(eps, D)), 1e-9),
    )
  },
  holds: (delta, r) => Theory.minimisationDeviationOfGradient(delta, 1, r),
  fails: [["the deviation of an inexact start", Theory.minimisationDeviationOfStart]],
})
