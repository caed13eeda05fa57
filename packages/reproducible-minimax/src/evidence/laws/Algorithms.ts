/** Algorithms 1, 2 and 3: gap, deviation and steps, and the gap of inexact proximal point steps. */
import { claim, Draw, Margin, type MarginInput } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { inexact, inexactStart } from "../../oracle/InexactOracle.ts"
import * as Theory from "../../theory/index.ts"
import { deviation } from "../support/Follow.ts"
import { corrected, printed } from "../support/Paper.ts"
import { expand } from "../support/RandomProblem.ts"
import * as Random from "../support/RandomProblem.ts"
import { type Subject, reproducibleMinimax } from "../support/Subject.ts"
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
  ({
    instance,
    subject,
  }: Pick<MarginInput<Started, undefined, Subject>, "instance" | "subject">): Margin.Comparison => {
    const { delta, eps, first, second, value } = twoStarts(subject, instance)
    return Margin.all(
      Margin.atMost(value(first.point), eps, 1e-9),
      Margin.atMost(deviation(first.point, second.point), allowed(delta), 1e-9),
    )
  }

/** With either stop. */
export const algorithmOneOfStart = claim({
  id: "reproducible-minimax/algorithm-1-inexact-start",
  statement:
    "From starts within delta of each other, Algorithm 1 returns points with a gap of at most eps and a squared deviation of at most 4 delta^2.",
  inFloatingPoint: "run",
  source: printed("Theorem 3.3"),
  subject: reproducibleMinimax,
  instances: Draw.record(started),
  margin: ({ instance, subject }) => {
    const fixed: Subject = {
      ...subject,
      minimisation: (problem, start, request) =>
        subject.minimisation(problem, start, { ...request, stop: "fixed" }),
    }
    const margin = startMargin(Theory.minimisationDeviationOfStart)
    return Margin.all(margin({ instance, subject }), margin({ instance, subject: fixed }))
  },
  controls: [
    {
      name: "a quarter of the deviation",
      margin: startMargin((delta) => (delta * delta) / 16),
      instances: Draw.record({ ...started, decades: Draw.linear(5, 6) }),
    },
    Two.gapTimes("a gap thirty-two times as large", "minimisation", 32),
  ],
})

export const stepsOfAlgorithmOne = claim({
  id: "reproducible-minimax/algorithm-1-steps",
  statement:
    "Algorithm 1 calls the oracle at most 1 + sqrt((l + r) / r) ln(Delta_0 / eps_r) times, with Delta_0 = (l / 2 + r) D^2.",
  inFloatingPoint: "run",
  source: printed("Theorem 3.3, complexity"),
  subject: reproducibleMinimax,
  instances: Draw.record(started),
  value: (root: number, logarithm: number) => 1 + root * logarithm,
  margin: ({ instance, subject, value: allowed }) => {
    const { D, delta, eps, first } = twoStarts(subject, instance)
    const r = Theory.regularisation(eps, D)
    const accuracy = Theory.minimisationAccuracyOfStart(eps, delta, D)
    const logarithm = Elementary.log(Theory.initialGap(1, D, r) / accuracy)
    return Margin.atMost(first.steps, allowed(Math.sqrt((1 + r) / r), logarithm))
  },
  controls: [
    { name: "a tenth of the steps", value: (root, logarithm) => 1 + 0.1 * root * logarithm },
  ],
})

export const algorithmOneOfGradient = claim({
  id: "reproducible-minimax/algorithm-1-inexact-gradient",
  statement:
    "With gradients that err by delta, Algorithm 1 returns a gap of at most 6 delta^2 D^3 sqrt(l / (2 eps^3)) + eps / 2 and a squared deviation of at most 48 delta^2 sqrt(l / (2 r^5)).",
  inFloatingPoint: "run",
  source: printed("Theorem 3.5"),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...Random.fewCoordinates,
    gap: Draw.logarithmic(0.9, 0.01),
    exponent: Draw.linear(0, 3),
    strategy: Random.anyStrategy,
  }),
  value: (delta: number, r: number) => Theory.minimisationDeviationOfGradient(delta, 1, r),
  margin: ({ instance, subject, value: allowed }) => {
    const { minimiser, problem, start, stream, value } = Random.expandQuadratic(instance)
    const D = Math.max(1, Vector.distance(start, minimiser))
    const eps = instance.gap * D * D
    const delta = (eps / D) * Elementary.pow(10, -instance.exponent)
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
  controls: [
    { name: "the deviation of an inexact start", value: Theory.minimisationDeviationOfStart },
  ],
})

const few = { ...Two.gameRunFields, min: Draw.integer(1, 2), max: Draw.integer(1, 2) }

/** With errors so small that the bounds leave little room. */
const exactAnswers = Draw.record({
  ...Two.gameRunFields,
  delta: Draw.logarithmic(1e-3, 1e-4),
})

const sixteenth = (delta: number) => (delta * delta) / 16
const quarter = (delta: number) => (delta * delta) / 4

const minimaxOfStart =
  (deviationOf: (delta: number) => number): Two.Bounds =>
  ({ delta, eps }) => ({ gap: Theory.minimaxGapOfStart(eps), deviation: deviationOf(delta) })

export const algorithmTwoOfStart = claim({
  id: "reproducible-minimax/algorithm-2-inexact-start",
  statement:
    "From starts within delta of each other, Algorithm 2 returns points with a duality gap of at most 2 eps and a squared deviation of at most 4 delta^2.",
  inFloatingPoint: "run",
  source: printed("Theorem 4.4"),
  subject: reproducibleMinimax,
  instances: Two.gameRuns,
  value: minimaxOfStart(Theory.minimaxDeviationOfStart),
  margin: Two.startsWithin("minimax"),
  controls: [
    Two.gapTimes("a gap forty times as large", "minimax", 40),
    { name: "a sixteenth of the deviation", value: minimaxOfStart(sixteenth) },
  ],
})

const minimaxOfGradient =
  (deviationOf: typeof Theory.minimaxDeviationOfGradient): Two.Bounds =>
  ({ D, delta, eps }) => ({
    gap: Theory.minimaxGapOfGradient(1, D, eps, delta),
    deviation: deviationOf(D, eps, delta),
  })

/**
 * The constants are those that a proof with beta = 2 (l + r) gives. The claim says nothing of beta: extragradient ends in such a step
 * itself, and on every instance tried the bounds hold without a correction.
 */
export const algorithmTwoOfGradient = claim({
  id: "reproducible-minimax/algorithm-2-inexact-gradient",
  statement:
    "With answers that err by delta, Algorithm 2 returns a gap of at most (58 l D^2 / eps + 4.3) delta D + eps and a squared deviation of at most 36 (9 + 4 sqrt2) D^4 delta^2 / eps^2.",
  inFloatingPoint: "run",
  source: corrected("Theorem 4.6"),
  subject: reproducibleMinimax,
  instances: Draw.record(few),
  value: minimaxOfGradient(Theory.minimaxDeviationOfGradient),
  margin: Two.gradientsWithin("minimax", 1),
  controls: [
    { ...Two.gapTimes("a gap forty times as large", "minimax", 40), instances: exactAnswers },
    {
      ...Two.smoothnessTimes("steps for a twentieth of the smoothness", "minimax", 0.05),
      instances: exactAnswers,
    },
    {
      name: "a thousandth of the deviation",
      value: minimaxOfGradient((...of) => Theory.minimaxDeviationOfGradient(...of) / 1000),
    },
    {
      name: "a deviation of order delta^2",
      value: minimaxOfGradient((_, __, delta) => quarter(delta)),
    },
  ],
})

export const stepsOfAlgorithmTwo = claim({
  id: "reproducible-minimax/algorithm-2-steps",
  statement:
    "Algorithm 2 takes at most 1 + 16 ((l + r) / r) ln(15 (l + r) D^2 / eps_r) extragradient steps.",
  inFloatingPoint: "run",
  source: printed("Theorem 4.4, complexity; the constants derived here"),
  subject: reproducibleMinimax,
  instances: Two.gameRuns,
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { D, delta, eps, first } = Two.fromStarts(subject, "minimax", instance, { kernels })
    const accuracy = Theory.minimaxAccuracyOfStart(eps, delta, D)
    const r = Theory.regularisation(eps, D)
    return Margin.atMost(first.steps, 1 + factor * Theory.extragradientSteps(1, r, D, accuracy))
  },
  controls: [{ name: "a hundredth of the steps", value: 0.01 }],
})

const proximalOfStart =
  (factor: number, deviationOf: (delta: number) => number): Two.Bounds =>
  ({ D, delta, first }) => ({
    gap: factor * Theory.proximalGapOfStart(1, D, delta, first.steps),
    deviation: deviationOf(delta),
  })

export const algorithmThreeOfStart = claim({
  id: "reproducible-minimax/algorithm-3-inexact-start",
  statement:
    "From starts within delta of each other, Algorithm 3 with T steps returns a gap of at most l D^2 / T + l delta^2 / (2 T^2) and a squared deviation of at most 9 delta^2.",
  inFloatingPoint: "run",
  source: printed("Theorem 4.7"),
  subject: reproducibleMinimax,
  instances: Two.gameRuns,
  value: proximalOfStart(1, Theory.proximalDeviationOfStart),
  margin: Two.startsWithin("proximalPoint"),
  controls: [
    { name: "a tenth of the gap", value: proximalOfStart(0.1, Theory.proximalDeviationOfStart) },
    { name: "a sixteenth of delta^2", value: proximalOfStart(1, sixteenth) },
  ],
})

const proximalOfGradient =
  (
    allowed: (gap: number, eps: number) => number,
    deviationOf: typeof Theory.proximalDeviationOfGradient = Theory.proximalDeviationOfGradient,
  ): Two.Bounds =>
  ({ D, delta, eps, first }) => ({
    gap: allowed(Theory.proximalGapOfGradient(1, D, delta, first.steps), eps),
    deviation: deviationOf(1, delta, first.steps),
  })

/** With the constants of beta = 4 l; like Algorithm 2 it needs no correction, for GDA ends in a step of length 1 / (16 l). */
export const algorithmThreeOfGradient = claim({
  id: "reproducible-minimax/algorithm-3-inexact-gradient",
  statement:
    "With answers that err by delta, Algorithm 3 returns a gap of at most l D^2 / T + 33.5 delta D and a squared deviation of at most 81 delta^2 T^2 / l^2, and a gap of eps for delta <= eps / (68 D).",
  inFloatingPoint: "run",
  source: corrected("Theorem 4.8"),
  subject: reproducibleMinimax,
  instances: Draw.record({ ...few, gap: Draw.logarithmic(1, 0.2) }),
  value: proximalOfGradient((gap, eps) => Math.min(eps, gap)),
  // for delta up to eps / (68 D), where half of the gap is kept
  margin: Two.gradientsWithin("proximalPoint", 1 / (0.3 * 68)),
  controls: [
    Two.gapTimes("a gap forty times as large", "proximalPoint", 40),
    Two.smoothnessTimes("steps for a tenth of the smoothness", "proximalPoint", 0.1),
    { name: "a tenth of the gap", value: proximalOfGradient((gap) => 0.1 * gap) },
    {
      name: "a deviation of order delta^2",
      value: proximalOfGradient(
        (gap) => gap,
        (_, delta) => quarter(delta),
      ),
    },
  ],
})

export const proximalPointGap = claim({
  id: "reproducible-minimax/inexact-proximal-point-gap",
  statement:
    "The mean of T proximal point steps of length alpha, each to a VI residual of e, has a duality gap of at most |z_0 - z|^2 / (2 alpha T) + e.",
  inFloatingPoint: "run",
  source: printed("Lemma C.6"),
  subject: reproducibleMinimax,
  instances: Two.gameRuns,
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { D, problem, start } = expand(instance, { kernels })
    const { gap } = instance
    const steps = Math.ceil(1 / gap)
    const delta = instance.delta * D
    const request = { gap, distance: D, inexact: "start", delta, steps } as const
    const { point } = subject.proximalPoint(problem, start, request)
    // D^2 for each player
    const accuracy = Theory.proximalAccuracy(1, delta, steps)
    const bound = Theory.proximalPointGap(2 * D * D, 1, steps, accuracy)
    return Margin.atMost(problem.gap!(point), factor * bound, 1e-9)
  },
  controls: [{ name: "a tenth of the gap", value: 0.1 }],
})
